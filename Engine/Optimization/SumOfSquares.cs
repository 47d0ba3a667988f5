using System.Runtime.CompilerServices;
using Engine.Simd;

namespace Engine.Optimization;

/// <summary>Σ x² of an array of floats (a multiple of 16), in sixty-four lanes that are then added in order, at every vector width.</summary>
internal unsafe struct SumOfSquares : IKernel
{
    /// <summary>Partial sums; the caller adds them up.</summary>
    public const int Lanes = 64;

    public float* Values;
    public int Count;

    /// <summary>Room for <see cref="Lanes"/> floats.</summary>
    public float* Sums;

    /// <summary>The sum of the squares.</summary>
    public static double Of(float* values, int count)
    {
        var lanes = stackalloc float[Lanes];
        SimdPath.Run(new SumOfSquares { Values = values, Count = count, Sums = lanes });
        var sum = 0.0;
        for (var i = 0; i < Lanes; i++)
            sum += lanes[i];
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Run<L, V>() where L : struct, ILanes<V> where V : struct
    {
        for (var lane = 0; lane < Lanes; lane += 4 * L.Width)
        {
            V a = L.Zero, b = L.Zero, c = L.Zero, d = L.Zero;
            var i = lane;
            for (; i + 4 * L.Width <= Count; i += Lanes)
            {
                a = Add<L, V>(a, Values + i);
                b = Add<L, V>(b, Values + i + L.Width);
                c = Add<L, V>(c, Values + i + 2 * L.Width);
                d = Add<L, V>(d, Values + i + 3 * L.Width);
            }
            if (i < Count)
                a = Add<L, V>(a, Values + i);
            if (i + L.Width < Count)
                b = Add<L, V>(b, Values + i + L.Width);
            if (i + 2 * L.Width < Count)
                c = Add<L, V>(c, Values + i + 2 * L.Width);
            L.Store(Sums + lane, a);
            L.Store(Sums + lane + L.Width, b);
            L.Store(Sums + lane + 2 * L.Width, c);
            L.Store(Sums + lane + 3 * L.Width, d);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Add<L, V>(V sum, float* at) where L : struct, ILanes<V> where V : struct
    {
        var x = L.Load(at);
        return L.Fma(x, x, sum);
    }
}
