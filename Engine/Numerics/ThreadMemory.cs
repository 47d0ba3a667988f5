namespace Engine.Numerics;

/// <summary>Floats that a kernel needs for a moment: one piece per thread, which grows to the largest request and lives as long as the thread.</summary>
internal static unsafe class ThreadMemory
{
    [ThreadStatic]
    private static NativeBuffer? memory;

    /// <summary>So many floats with any values; the next call on this thread gives the same memory.</summary>
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
