using System.Runtime.CompilerServices;
using Engine.Simd;

namespace Engine.Optimization;

/// <summary>to = to + from, for a multiple of 16 floats.</summary>
internal unsafe struct Accumulate : IKernel
{
    public float* To, From;
    public int Count;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Run<L, V>() where L : struct, ILanes<V> where V : struct
    {
        for (var i = 0; i < Count; i += L.Width)
            L.Store(To + i, L.Add(L.Load(To + i), L.Load(From + i)));
    }
}
