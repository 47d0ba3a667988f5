using System.Runtime.CompilerServices;
using Engine.Simd;

namespace Engine.Diagnostics;

/// <summary>Twelve independent chains of fused multiply-adds in registers: nothing that a core does with floats is faster.</summary>
internal unsafe struct FmaLoop : IKernel
{
    /// <summary>Multiply-adds per lane and iteration.</summary>
    public const int Chains = 12;

    /// <summary>Three vectors: two factors, and where the sum goes so that the loop is not left out.</summary>
    public float* Memory;

    public int Iterations;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Run<L, V>() where L : struct, ILanes<V> where V : struct
    {
        V a = L.Load(Memory), b = L.Load(Memory + 16);
        V c0 = a, c1 = a, c2 = a, c3 = a, c4 = a, c5 = a, c6 = a, c7 = a, c8 = a, c9 = a, c10 = a, c11 = a;
        for (var i = Iterations; i > 0; i--)
        {
            c0 = L.Fma(a, b, c0);
            c1 = L.Fma(a, b, c1);
            c2 = L.Fma(a, b, c2);
            c3 = L.Fma(a, b, c3);
            c4 = L.Fma(a, b, c4);
            c5 = L.Fma(a, b, c5);
            c6 = L.Fma(a, b, c6);
            c7 = L.Fma(a, b, c7);
            c8 = L.Fma(a, b, c8);
            c9 = L.Fma(a, b, c9);
            c10 = L.Fma(a, b, c10);
            c11 = L.Fma(a, b, c11);
        }
        var low = L.Add(L.Add(L.Add(c0, c1), L.Add(c2, c3)), L.Add(c4, c5));
        var high = L.Add(L.Add(L.Add(c6, c7), L.Add(c8, c9)), L.Add(c10, c11));
        L.Store(Memory + 32, L.Add(low, high));
    }
}
