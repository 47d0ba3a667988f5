namespace Engine.Numerics;

/// <summary>
/// Scratch memory of the kernels: one buffer per thread, which grows to the largest request and is kept until the thread ends.
/// </summary>
internal static unsafe class ThreadMemory
{
    [ThreadStatic]
    private static NativeBuffer? memory;

    /// <summary><paramref name="count"/> floats with arbitrary values. The next call on this thread returns the same memory.</summary>
    public static float* Floats(long count)
    {
        if (memory is null || memory.Length < count)
        {
            memory?.Dispose();
            memory = new NativeBuffer(count);
        }
        return memory.Pointer;
    }
}
