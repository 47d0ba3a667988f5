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
    /// <summary>
    /// The largest number of floats of gradients or patches that are packed for one product, 32 KB: they must stay in the first-level cache.
    /// </summary>
    private const int MaxPacked = 8 * 1024;

    private readonly ConvolutionGeometry geometry;
    private readonly Parameter weight, bias;
    private readonly SegmentTable forward;
    private readonly ImageShape shape;
    private readonly PatchPacker? packer, gradientPacker;
    private readonly DirectConvolution? direct;
    private readonly (int Height, int Width) used;
    private readonly int[] pixels;
    private readonly GradientSums sums;
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
        (this.geometry, shape) = (geometry, input);
        Output = geometry.Output(input, filters);
        weight = new Parameter($"{name}.weight", [geometry.Kernel, geometry.Kernel, input.Channels, filters], isBias: false);
        bias = new Parameter($"{name}.bias", [filters], isBias: true);
        Parameters = [weight, bias];
        used = (Output.Height / window * window, Output.Width / window * window);
        pixels = [.. Enumerable.Range(0, Output.Height * Output.Width).Where(at => at / Output.Width < used.Height && at % Output.Width < used.Width)];
        forward = SegmentTable.Forward(input, Output, geometry);
        sums = new GradientSums(weight, bias, forward, pixels);
        packer = geometry.Kernel * input.Channels < PatchPacker.LongEnough ? new PatchPacker(weight.FanIn) : null;
        gradientPacker = packer ?? (input.Channels < PatchPacker.LongEnough ? new PatchPacker(weight.FanIn) : null);
        direct = packer is not null && geometry.Kernel > 1 && DirectConvolution.Fits(weight.Layout)
            ? new DirectConvolution(input, Output, geometry, weight.Layout, capacity)
            : null;
        sharesRows = gradientPacker is not null || input.Channels % 4 == 0;
        (weight.Pieces, bias.Pieces) = (sums.Pieces, ParameterGradient.Pieces(bias));
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
    /// The number of images to convolve before they are pooled. When images are the rows of the register tiles, so many that their pixels
    /// and inputs fit the second-level cache; when each image is computed separately, so few that its pixels are pooled while they are in the
    /// first-level cache.
    /// </summary>
    internal int ImagesAtOnce => IsDirect ? 4 : 16;

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
        sums.Clear(gradient.Count, worker);
        worker.Wait();
        var result = needInputGradient ? InputGradient(gradient, worker) : default;
        AddGradients(gradient, 0, Output.Height, worker);
        SendGradients(gradient.Count, sink, worker);
        return result;
    }

    /// <summary>Sets the sums of the parameters' gradients to 0. A barrier must follow before workers add to them.</summary>
    internal void ClearGradients(int images, Worker worker) => sums.Clear(images, worker);

    /// <summary>Waits for all workers and passes the worker's share of the sums to the sink.</summary>
    internal void SendGradients(int images, GradientSink sink, Worker worker)
    {
        worker.Wait();
        sums.Send(images, sink, worker);
    }

    /// <summary>The method for nine taps over one channel with max pooling after it; null when the layer is of another kind.</summary>
    internal NineTapConvolution? NineTaps(PoolingWindows windows, int capacity) =>
        NineTapConvolution.Fits(shape, geometry, weight.Layout) ? new NineTapConvolution(shape, geometry, weight.Layout, windows, capacity) : null;

    /// <summary>Computes the pooled result of some images.</summary>
    internal void Forward(NineTapConvolution nineTaps, Rows input, int first, int count, Rows result, Rows argmax) =>
        nineTaps.Forward(input, first, count, weight.Values.Pointer, bias.Values.Pointer, result, argmax);

    /// <summary>
    /// Computes the worker's parts of all sums from the gradient of the pooled result. Overwrites the sums, so they need not be cleared.
    /// </summary>
    internal void SumGradients(NineTapConvolution nineTaps, Rows gradient, Rows argmax, Worker worker)
    {
        for (var (part, end) = sums.Parts(gradient.Count, worker); part < end; part++)
        {
            var (first, count) = sums.Images(part, gradient.Count);
            nineTaps.Gradient(gradient, argmax, first, count, sums.Weights(part), sums.Biases(part));
        }
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
    /// Adds the contribution of some rows of pixels to the worker's share of the sums. The rows of <paramref name="gradient"/> start at
    /// pixel row <paramref name="firstRow"/>.
    /// </summary>
    internal void AddGradients(Rows gradient, int firstRow, int rows, Worker worker)
    {
        rows = Math.Min(rows, used.Height - firstRow);
        if (sums.Parts(gradient.Count) == 1)
        {
            AddGradients(input, gradient, 0, firstRow, rows, worker);
            return;
        }
        for (var (part, end) = sums.Parts(gradient.Count, worker); part < end; part++)
        {
            var (first, count) = sums.Images(part, gradient.Count);
            AddGradients(input.Slice(first, count), gradient.Slice(first, count), part, firstRow, rows, Worker.Alone);
        }
    }

    private void AddGradients(Rows source, Rows gradient, int part, int firstRow, int rows, Worker worker)
    {
        var (stride, images) = (weight.Layout.Stride, gradient.Count);
        var patchStride = gradientPacker is null ? 0 : Panels.RoundUp(weight.FanIn);
        var atOnce = Math.Clamp(MaxPacked / (images * Math.Max(stride, patchStride)), 1, used.Width);
        var packed = atOnce * images;
        const int ScratchLength = PanelProduct.SlackRows * 4 * Panels.Lane;
        var scratch = ThreadMemory.Floats(ScratchLength + stride + (long)packed * stride + (packed + PanelProduct.SlackRows) * (long)patchStride);
        float* unused = scratch + ScratchLength, pixels = unused + stride, patches = pixels + packed * stride;
        for (var y = firstRow; y < firstRow + rows; y++)
            for (var x = 0; x < used.Width; x += atOnce)
            {
                var count = Math.Min(atOnce, used.Width - x);
                for (var i = 0; i < count; i++)
                {
                    SimdPath.Run(new PackPixel
                    {
                        From = gradient.Data + ((y - firstRow) * Output.Width + x + i) * Output.Channels,
                        To = pixels + i * images * stride,
                        // With one part, the first worker computes the bias gradient; the others write to scratch memory.
                        Sums = worker.Index == 0 ? sums.Biases(part) : unused,
                        Count = images,
                        Channels = Output.Channels,
                        FromStride = gradient.Stride,
                        ToStride = stride,
                    });
                    gradientPacker?.Pack(forward[y * Output.Width + x + i], source, patches + i * images * patchStride);
                }
                if (gradientPacker is not null)
                    Add(new(gradientPacker.Whole[0], 1, 0), new(patches, count * images, weight.FanIn, patchStride), pixels);
                for (var tap = 0; gradientPacker is null && tap < geometry.Kernel * geometry.Kernel; tap++)
                    if (Run(tap, y, x, count, out var first) is { Pixels: > 0 } run)
                        Add(run, source, pixels + first * images * stride);
            }

        void Add(in PixelRun run, Rows source, float* pixel)
        {
            foreach (var panel in weight.Layout.All)
                if (Share(run.Terms, panel, worker) is { Depth: > 0 } share)
                    PixelProducts.AddWeightGradient(run with { Terms = share }, source, panel, stride, pixel, sums.Weights(part), scratch);
        }
    }

    /// <summary>
    /// The pixels from <paramref name="x"/> on, among <paramref name="count"/> of row <paramref name="y"/>, for which a tap reads the
    /// image and not its padding. The first is <paramref name="first"/> pixels after <paramref name="x"/>.
    /// </summary>
    private PixelRun Run(int tap, int y, int x, int count, out int first)
    {
        int sourceY = y * geometry.Stride + tap / geometry.Kernel - geometry.Padding, shift = tap % geometry.Kernel - geometry.Padding;
        first = 0;
        if ((uint)sourceY >= (uint)shape.Height)
            return default;
        while (first < count && (x + first) * geometry.Stride + shift < 0)
            first++;
        var end = first;
        while (end < count && (x + end) * geometry.Stride + shift < shape.Width)
            end++;
        var source = sourceY * shape.Width + (x + first) * geometry.Stride + shift;
        return new(new(source * shape.Channels, tap * shape.Channels, shape.Channels), end - first, geometry.Stride * shape.Channels);
    }

    /// <summary>
    /// The terms whose weights in a panel belong to the worker. Workers share rows of a panel only if the terms start at a multiple of
    /// four; otherwise a boundary would change the order of a row's sum, and so its bits.
    /// </summary>
    private Segment Share(Segment terms, Panel panel, Worker worker)
    {
        if (!sharesRows)
            return worker.Owns(panel.FirstColumn, panel.Width, weight.Layout.Stride) ? terms : default;
        var (first, count) = worker.Rows(weight.Layout, panel, weight.Layout.Rows);
        int from = Math.Max(terms.WeightRow, first), to = Math.Min(terms.WeightRow + terms.Depth, first + count);
        return new Segment(terms.Source + from - terms.WeightRow, from, to - from);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        weight.Dispose();
        bias.Dispose();
        direct?.Dispose();
        sums.Dispose();
        if (output.IsValueCreated)
            output.Value.Dispose();
        if (inputGradient.IsValueCreated)
            inputGradient.Value.Dispose();
        if (backward.IsValueCreated)
            backward.Value.Weights.Dispose();
    }
}
