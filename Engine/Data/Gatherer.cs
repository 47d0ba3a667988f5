using System.Runtime.CompilerServices;
using Engine.Numerics;

namespace Engine.Data;

/// <summary>Fills the buffers of a batch from shared samples: scaled features, labels, and targets where the task has them.</summary>
public sealed unsafe class Gatherer : IDisposable
{
    private readonly Scaling scaling;
    private readonly bool uniform;
    private readonly RowsBuffer rows;
    private readonly byte[] labels;
    private readonly OutputSpec output;
    private readonly RowsBuffer? targets;
    private readonly ZeroMasks? masks;

    /// <summary>Allocates buffers for batches of up to <paramref name="capacity"/> rows.</summary>
    public Gatherer(Scaling scaling, OutputSpec output, int capacity)
    {
        this.scaling = scaling;
        this.output = output;
        uniform = scaling.IsUniform;
        rows = new RowsBuffer(capacity, scaling.Factor.Length);
        labels = new byte[capacity];
        targets = output.Task == LearningTask.Classification ? null : new RowsBuffer(capacity, output.Count);
        masks = scaling.KeepsZero ? new ZeroMasks(rows.Width, capacity) : null;
    }

    /// <summary>The true outputs of the last batch; valid until the next batch.</summary>
    public BatchTargets Targets(int count) => new(labels.AsSpan(0, count), targets?.Take(count) ?? default);

    /// <summary>
    /// Gathers <paramref name="count"/> examples, <paramref name="order"/>[<paramref name="start"/> …], one per row; valid until the next
    /// call. Every worker calls this method and fills its own share; the other shares may be read after the next barrier.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public Rows Gather(Samples samples, ReadOnlySpan<int> order, int start, int count, Worker worker)
    {
        if (samples.Features != rows.Width)
            throw new EngineException($"The examples have {samples.Features} features, but the network takes {rows.Width}.");
        var batch = rows.Take(count);
        var (own, ownCount) = worker.Examples(count);
        ZeroMasks? found = null;
        fixed (byte* bytes = samples.Bytes)
        fixed (float* floats = samples.Floats)
        fixed (int* first = order[start..])
        fixed (float* factor = scaling.Factor)
        fixed (float* offset = scaling.Offset)
        {
            SimdPath.Run(new GatherRows
            {
                Bytes = bytes, Floats = floats, Indices = first + own, Factor = factor, Offset = offset, IsUniform = uniform,
                To = batch[own], Count = ownCount, Features = batch.Width, Stride = batch.Stride,
            });
            if (bytes is not null && masks is not null)
            {
                masks.Fill(bytes, first, count, worker);
                worker.Wait();
                found = masks.Density(count) < TileShape.MaxDensity ? masks : null;
            }
        }
        for (var i = own; i < own + ownCount; i++)
            labels[i] = samples.Labels[order[start + i]];
        if (targets is not null && samples.Targets is { } numbers)
            Gather(numbers, order[(start + own)..], targets.Take(count).Slice(own, ownCount));
        return new Rows(batch.Data, count, batch.Width, batch.Stride, found);
    }

    private void Gather(float[] numbers, ReadOnlySpan<int> order, Rows to)
    {
        for (var i = 0; i < to.Count; i++)
            for (var target = 0; target < to.Width; target++)
            {
                var number = numbers[(long)order[i] * to.Width + target];
                to[i][target] = output.Scaling is { } unit ? (number - unit.Offset[target]) / unit.Factor[target] : number;
            }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        rows.Dispose();
        targets?.Dispose();
        masks?.Dispose();
    }
}

/// <summary>The true outputs of a batch.</summary>
/// <param name="labels">The class of each example; all 0 for tasks that use <see cref="Values"/>.</param>
/// <param name="values">The scaled targets (batch × targets); empty for classes.</param>
public readonly ref struct BatchTargets(ReadOnlySpan<byte> labels, Rows values)
{
    /// <summary>The class of each example.</summary>
    public ReadOnlySpan<byte> Labels { get; } = labels;

    /// <summary>The targets (batch × targets), for regression scaled to mean 0 and variance 1.</summary>
    public Rows Values { get; } = values;
}
