using System.Diagnostics.CodeAnalysis;
using Engine.Data;
using Engine.Numerics;

namespace Engine.Networks;

/// <summary>
/// z[oy, ox, f] = b[f] + Σ x[oy·s + ky − p, ox·s + kx − p, c] · W[ky, kx, c, f], a cross-correlation, as in PyTorch and Keras. Images are
/// (height, width, channel) in every layer. docs/convolution.md explains the order of the sums.
/// </summary>
public sealed unsafe class ConvolutionLayer : ILayer
{
    private readonly ConvolutionGeometry geometry;
    private readonly Parameter weight, bias;
    private readonly SegmentTable forward;
    private readonly PatchPacker? packer;
    private readonly DirectConvolution? direct;
    private readonly (int Height, int Width) used;
    private readonly int[] pixels;
    private readonly GradientChunks chunks;
    private readonly NativeBuffer weightSums, biasSums;
    private readonly bool sharesRows;
    private readonly Lazy<(SegmentTable Segments, ReversedWeights Weights)> backward;
    private readonly Lazy<RowsBuffer> output, inputGradient;
    private Rows input;

    /// <summary>A layer whose weights are all 0. Throws <see cref="EngineException"/> when the kernel does not fit.</summary>
    /// <param name="name">The prefix of the names of its parameters.</param>
    /// <param name="input">The shape of one example.</param>
    /// <param name="filters">Channels of the result, ≥ 1.</param>
    /// <param name="geometry">Kernel, padding and stride.</param>
    /// <param name="capacity">The largest batch.</param>
    /// <param name="window">
    /// The size of the windows of the pooling that follows, or 1. Pixels at the lower and right edge that fill no window are not computed.
    /// </param>
    public ConvolutionLayer(string name, ImageShape input, int filters, ConvolutionGeometry geometry, int capacity, int window = 1)
    {
        this.geometry = geometry;
        Output = geometry.Output(input, filters);
        weight = new Parameter($"{name}.weight", [geometry.Kernel, geometry.Kernel, input.Channels, filters], isBias: false);
        bias = new Parameter($"{name}.bias", [filters], isBias: true);
        Parameters = [weight, bias];
        used = (Output.Height / window * window, Output.Width / window * window);
        pixels = [.. Enumerable.Range(0, Output.Height * Output.Width).Where(at => at / Output.Width < used.Height && at % Output.Width < used.Width)];
        forward = SegmentTable.Forward(input, Output, geometry);
        chunks = new GradientChunks(weight.Layout, forward, pixels);
        packer = geometry.Kernel * input.Channels < PatchPacker.LongEnough ? new PatchPacker(weight.FanIn) : null;
        direct = packer is not null && geometry.Kernel > 1 && DirectConvolution.Fits(weight.Layout)
            ? new DirectConvolution(input, Output, geometry, weight.Layout, capacity)
            : null;
        weightSums = new NativeBuffer(weight.Layout.Length);
        biasSums = new NativeBuffer(bias.Layout.Stride);
        sharesRows = packer is not null || input.Channels % 4 == 0;
        (weight.Pieces, bias.Pieces) = (chunks.Pieces, ParameterGradient.Pieces(bias));
        output = new(() => new RowsBuffer(capacity, Output.Size));
        inputGradient = new(() => new RowsBuffer(capacity, input.Size));
        backward = new(() =>
        {
            var table = SegmentTable.Backward(input, Output, used, geometry);
            return (table, new ReversedWeights(weight.Layout, table, geometry.Kernel * geometry.Kernel));
        });
    }

    /// <inheritdoc/>
    public ImageShape Output { get; }

    /// <inheritdoc/>
    public IReadOnlyList<Parameter> Parameters { get; }

    /// <inheritdoc/>
    public Rows Forward(Rows input, in Pass pass)
    {
        pass.Worker.Wait();
        var z = output.Value.Take(input.Count);
        var (first, count) = pass.Worker.Examples(input.Count);
        ForwardBand(input, first, count, 0, Output.Height, z.Slice(first, count));
        Keep(input);
        return z;
    }

    /// <summary>Keeps the input for <see cref="Backward"/>.</summary>
    internal void Keep(Rows input) => this.input = input;

    /// <summary>
    /// The number of images to convolve before they are pooled: all when images are the rows of the register tiles; few when each image is
    /// computed separately, so that its pixels are pooled while they are in the first-level cache.
    /// </summary>
    internal int ImagesAtOnce(int count) => IsDirect ? Math.Min(count, 4) : count;

    /// <summary>Whether <see cref="SumPooledGradients"/> computes the gradients of the parameters.</summary>
    internal bool HasPooledGradients => direct is { HasGradient: true };

    [MemberNotNullWhen(true, nameof(direct))]
    private bool IsDirect => direct is not null && DirectConvolution.PaysForward;

    /// <summary>
    /// Computes <paramref name="rows"/> rows of pixels of some images into <paramref name="z"/>, whose rows start at pixel row
    /// <paramref name="firstRow"/>.
    /// </summary>
    internal void ForwardBand(Rows input, int firstImage, int images, int firstRow, int rows, Rows z)
    {
        if (IsDirect)
        {
            direct.Forward(input, firstImage, images, firstRow, Math.Min(rows, used.Height - firstRow), used.Width, weight.Values.Pointer, bias.Values.Pointer, z);
            return;
        }
        if (firstRow == 0 && HasPooledGradients)
            direct!.Pad(input, firstImage, images);
        var patches = packer?.Length(images) ?? 0;
        var memory = ThreadMemory.Floats(patches + (long)(images + PanelProduct.SlackRows) * weight.Layout.Stride);
        var own = input.Slice(firstImage, images);
        foreach (var at in Band(firstRow, rows))
        {
            var segments = Terms(at, own, memory, out var source);
            PixelProducts.Forward(
                segments, source, weight.Layout, weight.Values.Pointer, bias.Values.Pointer, z, at - firstRow * Output.Width, memory + patches);
        }
    }

    /// <inheritdoc/>
    public Rows Backward(Rows gradient, bool needInputGradient, GradientSink sink, Worker worker)
    {
        ClearGradients(worker);
        worker.Wait();
        var result = needInputGradient ? InputGradient(gradient, worker) : default;
        AddGradients(gradient, 0, Output.Height, worker);
        SendGradients(sink, worker);
        return result;
    }

    /// <summary>Sets the sums of the parameters' gradients to 0. A barrier must follow before workers add to them.</summary>
    internal void ClearGradients(Worker worker)
    {
        if (worker.Index > 0)
            return;
        chunks.Clear(weightSums.Pointer);
        biasSums.Span.Clear();
    }

    /// <summary>Waits for all workers and passes the worker's share of the sums to the sink.</summary>
    internal void SendGradients(GradientSink sink, Worker worker)
    {
        worker.Wait();
        if (worker.Index == 0)
            sink.Accept(bias, 0, 0, biasSums.Pointer, bias.Layout.Stride);
        chunks.Send(weight, weightSums.Pointer, sink, worker);
    }

    private ReadOnlySpan<int> Band(int firstRow, int rows) =>
        pixels.AsSpan(firstRow * used.Width, Math.Max(0, Math.Min(rows, used.Height - firstRow)) * used.Width);

    private ReadOnlySpan<Segment> Terms(int at, Rows input, float* patches, out Rows source)
    {
        source = packer?.Pack(forward[at], input, patches) ?? input;
        return packer is null ? forward[at] : packer.Whole;
    }

    private Rows InputGradient(Rows gradient, Worker worker)
    {
        var (segments, reversed) = backward.Value;
        reversed.Update(weight.Values.Pointer, worker);
        worker.Wait();
        var dx = inputGradient.Value.Take(gradient.Count);
        Rows own = worker.Mine(dx), from = worker.Mine(gradient);
        var scratch = ThreadMemory.Floats((long)(own.Count + PanelProduct.SlackRows) * reversed.Layout.Stride);
        for (var at = 0; at < segments.Pixels; at++)
            PixelProducts.Forward(segments[at], from, reversed.Layout, reversed.Pointer, null, own, at, scratch);
        return dx;
    }

    /// <summary>
    /// Adds the contribution of some rows of pixels to the worker's share of the weight gradient. The rows of <paramref name="gradient"/>
    /// start at pixel row <paramref name="firstRow"/>.
    /// </summary>
    internal void AddGradients(Rows gradient, int firstRow, int rows, Worker worker)
    {
        var (stride, scratchLength) = (weight.Layout.Stride, PanelProduct.SlackRows * 4 * Panels.Lane);
        var patchLength = packer?.Length(gradient.Count) ?? 0;
        var patches = ThreadMemory.Floats(patchLength + scratchLength + stride + (long)(gradient.Count + PanelProduct.SlackRows) * stride);
        float* scratch = patches + patchLength, sums = scratch + scratchLength, pixel = sums + stride;
        foreach (var at in Band(firstRow, rows))
        {
            SimdPath.Run(new PackPixel
            {
                From = gradient.Data + (at - firstRow * Output.Width) * Output.Channels,
                To = pixel,
                // The first worker computes the bias gradient; the others write to scratch memory.
                Sums = worker.Index == 0 ? biasSums.Pointer : sums,
                Count = gradient.Count,
                Channels = Output.Channels,
                FromStride = gradient.Stride,
                ToStride = weight.Layout.Stride,
            });
            var segments = Terms(at, input, patches, out var source);
            foreach (var segment in segments)
                foreach (var panel in weight.Layout.All)
                    if (Share(segment, panel, worker) is { Depth: > 0 } share)
                        PixelProducts.AddWeightGradient(share, source, panel, stride, pixel, weightSums.Pointer, scratch);
        }
    }

    /// <summary>
    /// Computes the worker's share of all sums from the gradient of the pooled result. Requires <see cref="HasPooledGradients"/>.
    /// Overwrites the sums, so they need not be cleared.
    /// </summary>
    internal void SumPooledGradients(Rows gradient, Rows argmax, PoolingWindows windows, Worker worker) =>
        direct!.PooledGradient(gradient, argmax, windows, weightSums.Pointer, biasSums.Pointer, worker);

    /// <summary>
    /// The part of a segment whose weights in a panel belong to the worker. Workers share rows of a panel only if every segment starts at a
    /// multiple of four; otherwise a boundary would change the order of a row's sum, and so its bits.
    /// </summary>
    private Segment Share(Segment segment, Panel panel, Worker worker)
    {
        if (!sharesRows)
            return worker.Owns(panel.FirstColumn, panel.Width, weight.Layout.Stride) ? segment : default;
        var (first, count) = worker.Rows(weight.Layout, panel, weight.Layout.Rows);
        int from = Math.Max(segment.WeightRow, first), to = Math.Min(segment.WeightRow + segment.Depth, first + count);
        return new Segment(segment.Source + from - segment.WeightRow, from, to - from);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        weight.Dispose();
        bias.Dispose();
        direct?.Dispose();
        weightSums.Dispose();
        biasSums.Dispose();
        if (output.IsValueCreated)
            output.Value.Dispose();
        if (inputGradient.IsValueCreated)
            inputGradient.Value.Dispose();
        if (backward.IsValueCreated)
            backward.Value.Weights.Dispose();
    }
}
