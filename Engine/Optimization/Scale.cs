using System.Runtime.CompilerServices;
using Engine.Simd;

namespace Engine.Optimization;

/// <summary>values = values · factor, for a multiple of 16 floats.</summary>
internal unsafe struct Scale : IKernel
{
    public float* Values;
    public float Factor;
    public int Count;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Run<L, V>() where L : struct, ILanes<V> where V : struct
    {
        var factor = L.Broadcast(Factor);
        for (var i = 0; i < Count; i += L.Width)
            L.Store(Values + i, L.Multiply(L.Load(Values + i), factor));
    }
}
