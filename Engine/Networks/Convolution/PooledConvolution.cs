using Engine.Data;
using Engine.Numerics;

namespace Engine.Networks;

/// <summary>
/// A convolution fused with the max pooling after it, one row of windows at a time: the pixels of a row of windows, for at most sixteen
/// images, stay in the cache until they are pooled, and the large image between the two is never stored. In the first layer, which
/// needs no input gradient, the same holds for the backward pass. <see cref="NineTapConvolution"/> pools its pixels in registers.
/// </summary>
internal sealed unsafe class PooledConvolution : ILayer
{
    private readonly ConvolutionLayer convolution;
    private readonly PoolingWindows whole, row;
    private readonly RowsBuffer output, argmax;
    private readonly NineTapConvolution? nineTaps;
    private readonly Lazy<RowsBuffer> band, gradientOfConvolution;

    /// <summary>
    /// Pools by windows of <paramref name="size"/> × <paramref name="size"/> pixels. The convolution must have been built for the same
    /// window size.
    /// </summary>
    public PooledConvolution(ConvolutionLayer convolution, int size, int capacity)
    {
        this.convolution = convolution;
        var large = convolution.Output;
        whole = PoolingWindows.Of(large, size, size);
        row = new PoolingWindows(large with { Height = size }, size, size);
        nineTaps = convolution.NineTaps(whole, capacity);
        band = new(() => new RowsBuffer(capacity, row.Input.Size));
        output = new RowsBuffer(capacity, whole.Output.Size);
        argmax = new RowsBuffer(capacity, whole.Output.Size);
        gradientOfConvolution = new(() => new RowsBuffer(capacity, whole.Input.Size));
    }

    /// <inheritdoc/>
    public ImageShape Output => whole.Output;

    /// <inheritdoc/>
    public IReadOnlyList<Parameter> Parameters => convolution.Parameters;

    /// <inheritdoc/>
    public Rows Forward(Rows input, in Pass pass)
    {
        pass.Worker.Wait();
        Rows result = output.Take(input.Count), argmaxRows = argmax.Take(input.Count);
        var (own, ownCount) = pass.Worker.Examples(input.Count);
        convolution.Keep(input);
        if (nineTaps is not null)
        {
            convolution.Forward(nineTaps, input, own, ownCount, result, argmaxRows);
            return result;
        }
        for (var first = own; first < own + ownCount; first += convolution.ImagesAtOnce)
        {
            var count = Math.Min(convolution.ImagesAtOnce, own + ownCount - first);
            var z = band.Value.Take(input.Count).Slice(own, count);
            for (var y = 0; y < Output.Height; y++)
            {
                convolution.ForwardBand(input, first, count, y * whole.Height, whole.Height, z);
                Pool(row, z, RowOf(result.Slice(first, count), y), RowOf(argmaxRows.Slice(first, count), y), isBackward: false);
            }
        }
        return result;
    }

    /// <inheritdoc/>
    public Rows Backward(Rows gradient, bool needInputGradient, GradientSink sink, Worker worker)
    {
        worker.Wait();
        var argmaxRows = argmax.Take(gradient.Count);
        if (needInputGradient)
        {
            // The convolution does not read pixels that fill no window, so they need not be cleared.
            var dz = gradientOfConvolution.Value.Take(gradient.Count);
            Pool(whole, worker.Mine(dz), worker.Mine(gradient), worker.Mine(argmaxRows), isBackward: true);
            return convolution.Backward(dz, needInputGradient, sink, worker);
        }
        if (nineTaps is not null)
        {
            convolution.SumGradients(nineTaps, gradient, argmaxRows, worker);
            convolution.SendGradients(gradient.Count, sink, worker);
            return default;
        }
        convolution.ClearGradients(gradient.Count, worker);
        var part = band.Value.Take(gradient.Count);
        for (var y = 0; y < Output.Height; y++)
        {
            Pool(row, worker.Mine(part), RowOf(worker.Mine(gradient), y), RowOf(worker.Mine(argmaxRows), y), isBackward: true);
            worker.Wait();
            convolution.AddGradients(part, y * whole.Height, whole.Height, worker);
            worker.Wait();
        }
        convolution.SendGradients(gradient.Count, sink, worker);
        return default;
    }

    private Rows RowOf(Rows small, int y) => new(small.Data + y * row.Output.Size, small.Count, row.Output.Size, small.Stride);

    private static void Pool(PoolingWindows windows, Rows large, Rows small, Rows argmax, bool isBackward) =>
        SimdPath.Run(new PoolingKernel<MaxPooling> { Large = large, Small = small, Argmax = argmax, Windows = windows, IsBackward = isBackward });

    /// <inheritdoc/>
    public void Dispose()
    {
        convolution.Dispose();
        nineTaps?.Dispose();
        if (band.IsValueCreated)
            band.Value.Dispose();
        output.Dispose();
        argmax.Dispose();
        if (gradientOfConvolution.IsValueCreated)
            gradientOfConvolution.Value.Dispose();
    }
}
