using Engine.Data;
using Engine.Numerics;

namespace Engine.Networks;

/// <summary>
/// A convolution and the max pooling after it, one row of windows at a time: the pixels of a row of windows, for the whole batch, stay in
/// the second-level cache until they are pooled, and the large image that lies between the two never exists. In the first layer, which
/// needs no input gradient, the same holds for the way back.
/// </summary>
internal sealed unsafe class PooledConvolution : ILayer
{
    private readonly ConvolutionLayer convolution;
    private readonly PoolingWindows whole, row;
    private readonly RowsBuffer band, output, notes;
    private RowsBuffer? gradientOfConvolution;

    /// <summary>Pools by windows of <paramref name="size"/> × <paramref name="size"/> pixels, which the convolution knows of.</summary>
    public PooledConvolution(ConvolutionLayer convolution, int size, int capacity)
    {
        this.convolution = convolution;
        var large = convolution.Output;
        whole = PoolingWindows.Of(large, size, size);
        row = new PoolingWindows(large with { Height = size }, size, size);
        band = new RowsBuffer(capacity, row.Input.Size);
        output = new RowsBuffer(capacity, whole.Output.Size);
        notes = new RowsBuffer(capacity, whole.Output.Size);
    }

    /// <inheritdoc/>
    public ImageShape Output => whole.Output;

    /// <inheritdoc/>
    public IReadOnlyList<Parameter> Parameters => convolution.Parameters;

    /// <inheritdoc/>
    public Rows Forward(Rows input, in Pass pass)
    {
        Rows result = output.Take(input.Count), noted = notes.Take(input.Count);
        var together = convolution.ImagesAtOnce(input.Count);
        for (var first = 0; first < input.Count; first += together)
        {
            var count = Math.Min(together, input.Count - first);
            var z = band.Take(count);
            for (var y = 0; y < Output.Height; y++)
            {
                convolution.ForwardBand(Part(input, first, count), y * whole.Height, whole.Height, z);
                Pool(row, z, RowOf(Part(result, first, count), y), RowOf(Part(noted, first, count), y), isBackward: false);
            }
        }
        convolution.Keep(input);
        return result;
    }

    /// <inheritdoc/>
    public Rows Backward(Rows gradient, bool needInputGradient, GradientSink sink)
    {
        if (needInputGradient)
        {
            // Pixels that fill no window are not looked at, so nothing has to be written there.
            gradientOfConvolution ??= new RowsBuffer(band.Capacity, whole.Input.Size);
            var dz = gradientOfConvolution.Take(gradient.Count);
            Pool(whole, dz, gradient, notes.Take(gradient.Count), isBackward: true);
            return convolution.Backward(dz, needInputGradient, sink);
        }
        convolution.ClearGradients();
        var part = band.Take(gradient.Count);
        for (var y = 0; y < Output.Height; y++)
        {
            Pool(row, part, RowOf(gradient, y), RowOf(notes.Take(gradient.Count), y), isBackward: true);
            convolution.AddGradients(part, y * whole.Height, whole.Height);
        }
        convolution.SendGradients(sink);
        return default;
    }

    private static Rows Part(Rows rows, int first, int count) => new(rows[first], count, rows.Width, rows.Stride);

    private Rows RowOf(Rows small, int y) => new(small.Data + y * row.Output.Size, small.Count, row.Output.Size, small.Stride);

    private static void Pool(PoolingWindows windows, Rows large, Rows small, Rows notes, bool isBackward) =>
        SimdPath.Run(new PoolingKernel<MaxPooling> { Large = large, Small = small, Notes = notes, Windows = windows, IsBackward = isBackward });

    /// <inheritdoc/>
    public void Dispose()
    {
        convolution.Dispose();
        band.Dispose();
        output.Dispose();
        notes.Dispose();
        gradientOfConvolution?.Dispose();
    }
}
