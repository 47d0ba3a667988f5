using System.Runtime.CompilerServices;
using Engine.Numerics;

namespace Engine.Data;

/// <summary>Fills a batch buffer from the shared samples: rows by index, bytes converted, features scaled, labels beside them.</summary>
public sealed unsafe class Gatherer : IDisposable
{
    private readonly Scaling scaling;
    private readonly bool uniform;
    private readonly RowsBuffer rows;
    private readonly byte[] labels;
    private readonly ZeroMasks? masks;

    /// <summary>A gatherer of up to <paramref name="capacity"/> rows.</summary>
    public Gatherer(Scaling scaling, int capacity)
    {
        this.scaling = scaling;
        uniform = scaling.IsUniform;
        rows = new RowsBuffer(capacity, scaling.Factor.Length);
        labels = new byte[capacity];
        masks = scaling.KeepsZero ? new ZeroMasks(rows.Width, capacity) : null;
    }

    /// <summary>The labels of the last batch.</summary>
    public ReadOnlySpan<byte> Labels(int count) => labels.AsSpan(0, count);

    /// <summary>
    /// The examples <paramref name="order"/>[<paramref name="start"/> …], <paramref name="count"/> of them, one per row; valid until the
    /// next call.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public Rows Gather(Samples samples, ReadOnlySpan<int> order, int start, int count)
    {
        if (samples.Features != rows.Width)
            throw new EngineException($"The examples have {samples.Features} features, but the network takes {rows.Width}.");
        var batch = rows.Take(count);
        ZeroMasks? found = null;
        fixed (byte* bytes = samples.Bytes)
        fixed (float* floats = samples.Floats)
        fixed (int* first = order[start..])
        fixed (float* factor = scaling.Factor)
        fixed (float* offset = scaling.Offset)
        {
            SimdPath.Run(new GatherRows
            {
                Bytes = bytes, Floats = floats, Indices = first, Factor = factor, Offset = offset, IsUniform = uniform,
                To = batch.Data, Count = count, Features = batch.Width, Stride = batch.Stride,
            });
            if (bytes is not null && masks is not null)
                found = masks.Fill(bytes, first, count) < TileShape.MostDense ? masks : null;
        }
        for (var i = 0; i < count; i++)
            labels[i] = samples.Labels[order[start + i]];
        return new Rows(batch.Data, count, batch.Width, batch.Stride, found);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        rows.Dispose();
        masks?.Dispose();
    }
}
