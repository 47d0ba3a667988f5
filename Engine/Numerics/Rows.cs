namespace Engine.Numerics;

/// <summary>
/// A batch of activations or gradients: <see cref="Count"/> rows of <see cref="Width"/> floats, one row per example, images as height ×
/// width × channels. A view that does not own its memory.
/// </summary>
/// <remarks>
/// Rows are 64-byte aligned and <see cref="Stride"/> floats apart, a multiple of 16. Columns beyond the width are arbitrary in activations
/// and zero in gradients. The memory extends at least eight rows beyond the last.
/// </remarks>
public readonly unsafe struct Rows(float* data, int count, int width, int stride, ZeroMasks? masks = null, Panels? columns = null)
{
    /// <summary>The address of the first value.</summary>
    public float* Data { get; } = data;

    /// <summary>The number of examples.</summary>
    public int Count { get; } = count;

    /// <summary>Values per example.</summary>
    public int Width { get; } = width;

    /// <summary>Floats from one row to the next.</summary>
    public int Stride { get; } = stride;

    /// <summary>
    /// The masks of the non-zero values; null when unknown, or when too few values are 0 for a masked product to be faster.
    /// </summary>
    public ZeroMasks? Masks { get; } = masks;

    /// <summary>The panels by whose columns the workers divide the batch; null when they divide it by examples.</summary>
    public Panels? Columns { get; } = columns;

    /// <summary>The memory including padding as runs of consecutive floats that start <see cref="Stride"/> floats apart.</summary>
    internal (int Count, long Length) Runs => Panels.RoundUp(Width) is var length && length == Stride ? (1, (long)Count * Stride) : (Count, length);

    /// <summary>Some of the examples, without masks.</summary>
    public Rows Slice(int first, int count) => new(this[first], count, Width, Stride);

    /// <summary>The address of the first value of a row.</summary>
    public float* this[int row] => Data + (long)row * Stride;
}

/// <summary>The owner of the memory of <see cref="Rows"/>, initially zero, for up to a given number of examples.</summary>
public sealed class RowsBuffer : IDisposable
{
    private readonly NativeBuffer memory;

    /// <summary>Room for <paramref name="capacity"/> rows of <paramref name="width"/> values.</summary>
    public RowsBuffer(int capacity, int width)
    {
        Width = width;
        Stride = Panels.RoundUp(width);
        Capacity = capacity;
        memory = new NativeBuffer((long)(capacity + PanelProduct.SlackRows) * Stride);
    }

    /// <summary>The largest number of rows.</summary>
    public int Capacity { get; }

    /// <summary>Values per row.</summary>
    public int Width { get; }

    /// <summary>Floats from one row to the next.</summary>
    public int Stride { get; }

    /// <summary>
    /// The first <paramref name="count"/> rows, divided among workers by <paramref name="columns"/> (<see cref="Rows.Columns"/>).
    /// </summary>
    public unsafe Rows Take(int count, Panels? columns = null)
    {
        if ((uint)count > (uint)Capacity)
            throw new ArgumentOutOfRangeException(nameof(count), count, $"The buffer has room for {Capacity} rows.");
        return new Rows(memory.Pointer, count, Width, Stride, null, columns);
    }

    /// <inheritdoc/>
    public void Dispose() => memory.Dispose();
}
