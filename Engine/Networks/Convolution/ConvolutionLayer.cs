using Engine.Data;
using Engine.Numerics;

namespace Engine.Networks;

/// <summary>
/// z[oy, ox, f] = b[f] + Σ x[oy·s + ky − p, ox·s + kx − p, c] · W[ky, kx, c, f], cross-correlation as all libraries have it. Images are
/// (height, width, channel) from end to end. How the sums are arranged, and why, is in docs/convolution.md.
/// </summary>
public sealed unsafe class ConvolutionLayer : ILayer
{
    private readonly ImageShape inputShape;
    private readonly ConvolutionGeometry geometry;
    private readonly Parameter weight, bias;
    private readonly SegmentTable forward;
    private readonly int capacity;
    private readonly PatchPacker? packer;
    private readonly DirectConvolution? direct;
    private readonly (int Height, int Width) used;
    private readonly int[] pixels;
    private readonly GradientChunks chunks;
    private readonly NativeBuffer weightSums, biasSums, pixel, scratch;
    private SegmentTable? backward;
    private ReversedWeights? reversed;
    private RowsBuffer? output, inputGradient;
    private Rows input;

    /// <summary>A layer whose weights are all 0. Throws <see cref="EngineException"/> when the kernel does not fit.</summary>
    /// <param name="name">For the names of its parameters.</param>
    /// <param name="input">The shape of one example.</param>
    /// <param name="filters">Channels of the result, ≥ 1.</param>
    /// <param name="geometry">Kernel, padding and stride.</param>
    /// <param name="capacity">The largest batch.</param>
    /// <param name="window">
    /// Pooling by windows of this size follows; pixels that fill no window, at the lower and right edge, are not computed.
    /// </param>
    public ConvolutionLayer(string name, ImageShape input, int filters, ConvolutionGeometry geometry, int capacity, int window = 1)
    {
        inputShape = input;
        this.geometry = geometry;
        this.capacity = capacity;
        Output = geometry.Output(input, filters);
        weight = new Parameter($"{name}.weight", [geometry.Kernel, geometry.Kernel, input.Channels, filters], isBias: false);
        bias = new Parameter($"{name}.bias", [filters], isBias: true);
        Parameters = [weight, bias];
        used = (Output.Height / window * window, Output.Width / window * window);
        pixels = [.. Enumerable.Range(0, Output.Height * Output.Width).Where(at => at / Output.Width < used.Height && at % Output.Width < used.Width)];
        forward = SegmentTable.Forward(input, Output, geometry);
        chunks = new GradientChunks(weight.Layout, forward, pixels);
        packer = geometry.Kernel * input.Channels < PatchPacker.LongEnough ? new PatchPacker(capacity, weight.FanIn) : null;
        direct = packer is not null && geometry.Kernel > 1 && DirectConvolution.Pays(weight.Layout) ? new DirectConvolution(input, Output, geometry, weight.Layout) : null;
        weightSums = new NativeBuffer(weight.Layout.Length);
        biasSums = new NativeBuffer(bias.Layout.Stride);
        pixel = new NativeBuffer((long)(capacity + PanelProduct.SlackRows) * Panels.RoundUp(Math.Max(filters, input.Channels)));
        scratch = new NativeBuffer(PanelProduct.SlackRows * 4 * Panels.Lane);
    }

    /// <inheritdoc/>
    public ImageShape Output { get; }

    /// <inheritdoc/>
    public IReadOnlyList<Parameter> Parameters { get; }

    /// <inheritdoc/>
    public Rows Forward(Rows input, in Pass pass)
    {
        output ??= new RowsBuffer(capacity, Output.Size);
        var z = output.Take(input.Count);
        ForwardBand(input, 0, Output.Height, z);
        Keep(input);
        return z;
    }

    /// <summary>Remembers what the way back needs.</summary>
    internal void Keep(Rows input) => this.input = input;

    /// <summary>
    /// How many images go through convolution and pooling together: all where they are the rows of the register tiles, few where each goes by
    /// itself, so that its pixels are pooled while they are in the first-level cache.
    /// </summary>
    internal int ImagesAtOnce(int count) => direct is null ? count : Math.Min(count, 4);

    /// <summary>Computes only some rows of pixels, into rows of floats that begin with the first of them.</summary>
    internal void ForwardBand(Rows input, int firstRow, int rows, Rows z)
    {
        if (direct is not null)
        {
            direct.Forward(input, firstRow, Math.Min(rows, used.Height - firstRow), used.Width, weight.Values.Pointer, bias.Values.Pointer, z);
            return;
        }
        foreach (var at in Band(firstRow, rows))
        {
            var segments = Terms(at, input, out var source);
            PixelProducts.Forward(
                segments, source, weight.Layout, weight.Values.Pointer, bias.Values.Pointer, z, at - firstRow * Output.Width, pixel.Pointer);
        }
    }

    /// <inheritdoc/>
    public Rows Backward(Rows gradient, bool needInputGradient, GradientSink sink)
    {
        var result = needInputGradient ? InputGradient(gradient) : default;
        ClearGradients();
        AddGradients(gradient, 0, Output.Height);
        SendGradients(sink);
        return result;
    }

    /// <summary>Begins the sums of the parameters' gradients.</summary>
    internal void ClearGradients()
    {
        chunks.Clear(weightSums.Pointer);
        biasSums.Span.Clear();
    }

    /// <summary>Hands out the sums.</summary>
    internal void SendGradients(GradientSink sink)
    {
        GradientChunks.Send(bias, biasSums.Pointer, 0, bias.Layout.Stride, sink);
        chunks.Send(weight, weightSums.Pointer, sink);
    }

    private ReadOnlySpan<int> Band(int firstRow, int rows) =>
        pixels.AsSpan(firstRow * used.Width, Math.Max(0, Math.Min(rows, used.Height - firstRow)) * used.Width);

    private ReadOnlySpan<Segment> Terms(int at, Rows input, out Rows source)
    {
        source = packer?.Pack(forward[at], input) ?? input;
        return packer is null ? forward[at] : packer.Whole;
    }

    private Rows InputGradient(Rows gradient)
    {
        backward ??= SegmentTable.Backward(inputShape, Output, used, geometry);
        reversed ??= new ReversedWeights(weight.Layout, backward, geometry.Kernel * geometry.Kernel);
        inputGradient ??= new RowsBuffer(capacity, inputShape.Size);
        var weights = reversed.Update(weight.Values.Pointer);
        var dx = inputGradient.Take(gradient.Count);
        for (var at = 0; at < backward.Pixels; at++)
            PixelProducts.Forward(backward[at], gradient, reversed.Layout, weights, null, dx, at, pixel.Pointer);
        return dx;
    }

    /// <summary>Adds what some rows of pixels contribute; the gradient's rows of floats begin with the first of them.</summary>
    internal void AddGradients(Rows gradient, int firstRow, int rows)
    {
        foreach (var at in Band(firstRow, rows))
        {
            SimdPath.Run(new PackPixel
            {
                From = gradient.Data + (at - firstRow * Output.Width) * Output.Channels,
                To = pixel.Pointer,
                Sums = biasSums.Pointer,
                Count = gradient.Count,
                Channels = Output.Channels,
                FromStride = gradient.Stride,
                ToStride = weight.Layout.Stride,
            });
            var segments = Terms(at, input, out var source);
            foreach (var segment in segments)
                PixelProducts.AddWeightGradient(segment, source, weight.Layout, pixel.Pointer, weightSums.Pointer, scratch.Pointer);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        weight.Dispose();
        bias.Dispose();
        output?.Dispose();
        packer?.Dispose();
        direct?.Dispose();
        weightSums.Dispose();
        biasSums.Dispose();
        pixel.Dispose();
        scratch.Dispose();
        reversed?.Dispose();
        inputGradient?.Dispose();
    }
}
