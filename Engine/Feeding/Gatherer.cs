using Engine.Data;
using Engine.Layers;
using Engine.Simd;

namespace Engine.Feeding;

/// <summary>Fills a batch buffer from the shared samples: rows by index, bytes converted, features scaled, labels beside them.</summary>
public sealed unsafe class Gatherer : IDisposable
{
    private readonly Scaling scaling;
    private readonly RowsBuffer rows;
    private readonly byte[] labels;

    /// <summary>A gatherer of up to <paramref name="capacity"/> rows.</summary>
    public Gatherer(Scaling scaling, int capacity)
    {
        this.scaling = scaling;
        rows = new RowsBuffer(capacity, scaling.Factor.Length);
        labels = new byte[capacity];
    }

    /// <summary>The labels of the last batch.</summary>
    public ReadOnlySpan<byte> Labels(int count) => labels.AsSpan(0, count);

    /// <summary>The examples of <paramref name="indices"/>, one per row; valid until the next call.</summary>
    public Rows Take(Samples samples, ReadOnlySpan<int> indices)
    {
        if (samples.Features != rows.Width)
            throw new EngineException($"The examples have {samples.Features} features, but the network takes {rows.Width}.");
        var batch = rows.Take(indices.Length);
        fixed (byte* bytes = samples.Bytes)
        fixed (float* floats = samples.Floats)
        fixed (int* first = indices)
        fixed (float* factor = scaling.Factor)
        fixed (float* offset = scaling.Offset)
        {
            SimdPath.Run(new GatherRows
            {
                Bytes = bytes, Floats = floats, Indices = first, Factor = factor, Offset = offset,
                To = batch.Data, Count = batch.Count, Features = batch.Width, Stride = batch.Stride,
            });
        }
        for (var i = 0; i < indices.Length; i++)
            labels[i] = samples.Labels[indices[i]];
        return batch;
    }

    /// <inheritdoc/>
    public void Dispose() => rows.Dispose();
}
