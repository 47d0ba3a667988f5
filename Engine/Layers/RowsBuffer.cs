using Engine.Kernels;
using Engine.Memory;

namespace Engine.Layers;

/// <summary>Owns the memory of <see cref="Rows"/>, zeroed, for up to a given number of examples.</summary>
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

    /// <summary>The most rows.</summary>
    public int Capacity { get; }

    /// <summary>Values per row.</summary>
    public int Width { get; }

    /// <summary>Floats from one row to the next.</summary>
    public int Stride { get; }

    /// <summary>The first <paramref name="count"/> rows.</summary>
    public unsafe Rows Take(int count)
    {
        if ((uint)count > (uint)Capacity)
            throw new ArgumentOutOfRangeException(nameof(count), count, $"The buffer has room for {Capacity} rows.");
        return new Rows(memory.Pointer, count, Width, Stride);
    }

    /// <inheritdoc/>
    public void Dispose() => memory.Dispose();
}
