using System.Runtime.CompilerServices;

namespace Engine.Numerics;

/// <summary>
/// Σ x² of an array of floats (a multiple of 16). Four sums of sixteen lanes run in parallel over groups of sixty-four and are then added
/// in a fixed order, so that the bits do not depend on the vector width.
/// </summary>
internal unsafe struct SumOfSquares : IKernel
{
    private const int Group = 4 * Panels.Lane;

    public float* Values, Lanes;
    public int Count;

    /// <summary>The sum of the squares.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Of(float* values, int count)
    {
        var lanes = stackalloc float[Panels.Lane];
        SimdPath.Run(new SumOfSquares { Values = values, Count = count, Lanes = lanes });
        return HorizontalSum.Of(lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Run<L, V>() where L : struct, ILanes<V> where V : struct
    {
        for (var lane = 0; lane < Panels.Lane; lane += L.Width)
        {
            V a = L.Zero, b = L.Zero, c = L.Zero, d = L.Zero;
            float* at = Values + lane, end = Values + Count;
            for (; at + 3 * Panels.Lane < end; at += Group)
            {
                a = Add<L, V>(a, at);
                b = Add<L, V>(b, at + Panels.Lane);
                c = Add<L, V>(c, at + 2 * Panels.Lane);
                d = Add<L, V>(d, at + 3 * Panels.Lane);
            }
            if (at < end)
                a = Add<L, V>(a, at);
            if (at + Panels.Lane < end)
                b = Add<L, V>(b, at + Panels.Lane);
            if (at + 2 * Panels.Lane < end)
                c = Add<L, V>(c, at + 2 * Panels.Lane);
            L.Store(Lanes + lane, L.Add(L.Add(a, b), L.Add(c, d)));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Add<L, V>(V sum, float* at) where L : struct, ILanes<V> where V : struct
    {
        var x = L.Load(at);
        return L.Fma(x, x, sum);
    }
}
