using System.Runtime.InteropServices;

namespace Engine.Numerics;

/// <summary>Zeroed floats outside the managed heap, aligned to a cache line, so that kernels can use pointers without pinning.</summary>
public sealed unsafe class NativeBuffer : IDisposable
{
    private const int Alignment = 64;
    private float* data;

    /// <summary>Allocates <paramref name="length"/> floats.</summary>
    public NativeBuffer(long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        Length = length;
        var bytes = (nuint)Math.Max(length, 1) * sizeof(float);
        data = (float*)NativeMemory.AlignedAlloc(bytes, Alignment);
        NativeMemory.Clear(data, bytes);
        GC.AddMemoryPressure((long)bytes);
    }

    /// <summary>Frees the memory of a buffer that was not disposed.</summary>
    ~NativeBuffer() => Free();

    /// <summary>The number of floats.</summary>
    public long Length { get; }

    /// <summary>The address of the first float. Throws <see cref="ObjectDisposedException"/> after <see cref="Dispose"/>.</summary>
    public float* Pointer => data is not null ? data : throw new ObjectDisposedException(nameof(NativeBuffer));

    /// <summary>All floats.</summary>
    public Span<float> Span => new(Pointer, checked((int)Length));

    /// <inheritdoc/>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        if (data is null)
            return;
        NativeMemory.AlignedFree(data);
        data = null;
        GC.RemoveMemoryPressure(Math.Max(Length, 1) * sizeof(float));
    }
}
