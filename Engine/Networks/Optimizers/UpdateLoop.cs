using System.Runtime.CompilerServices;
using Engine.Numerics;

namespace Engine.Networks;

/// <summary>
/// Applies a rule to a slice of weights and sums the squares of the gradients in sixteen lanes, each in order, so that the bits do not
/// depend on the vector width.
/// </summary>
internal unsafe struct UpdateLoop<TRule> : IKernel where TRule : struct, IUpdateRule
{
    public TRule Rule;
    public UpdateSlice Slice;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Run<L, V>() where L : struct, ILanes<V> where V : struct
    {
        switch (Slice.CoupledDecay != 0 || Slice.DecoupledDecay != 0, Slice.FlushesByHand)
        {
            case (false, false): Run<L, V>(decays: false, flushes: false); break;
            case (true, false): Run<L, V>(decays: true, flushes: false); break;
            case (false, true): Run<L, V>(decays: false, flushes: true); break;
            default: Run<L, V>(decays: true, flushes: true); break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly void Run<L, V>(bool decays, bool flushes) where L : struct, ILanes<V> where V : struct
    {
        V s0 = L.Zero, s1 = L.Zero, s2 = L.Zero, s3 = L.Zero;
        for (nint i = 0, count = Slice.Count; i < count; i += Panels.Lane)
        {
            Step<L, V>(i, decays, flushes, ref s0);
            if (L.Width <= Panels.Lane / 2)
                Step<L, V>(i + L.Width, decays, flushes, ref s1);
            if (L.Width <= Panels.Lane / 4)
            {
                Step<L, V>(i + 2 * L.Width, decays, flushes, ref s2);
                Step<L, V>(i + 3 * L.Width, decays, flushes, ref s3);
            }
        }
        L.Store(Slice.Squares, s0);
        if (L.Width <= Panels.Lane / 2)
            L.Store(Slice.Squares + L.Width, s1);
        if (L.Width <= Panels.Lane / 4)
        {
            L.Store(Slice.Squares + 2 * L.Width, s2);
            L.Store(Slice.Squares + 3 * L.Width, s3);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly void Step<L, V>(nint i, bool decays, bool flushes, ref V squares) where L : struct, ILanes<V> where V : struct
    {
        V weight = L.Load(Slice.Weights + i), gradient = L.Load(Slice.Gradients + i);
        squares = L.Fma(gradient, gradient, squares);
        if (decays)
        {
            gradient = L.Fma(L.Broadcast(Slice.CoupledDecay), weight, gradient);
            weight = L.Multiply(L.Broadcast(1 - Slice.DecoupledDecay), weight);
        }
        if (flushes)
            gradient = VectorMath.Flush<L, V>(gradient);
        V m1 = L.Zero, m2 = L.Zero;
        if (TRule.Moments > 0)
            m1 = L.Load(Slice.First + i);
        if (TRule.Moments > 1)
            m2 = L.Load(Slice.Second + i);
        weight = Rule.Step<L, V>(weight, gradient, ref m1, ref m2);
        L.Store(Slice.Weights + i, flushes ? VectorMath.Flush<L, V>(weight) : weight);
        if (TRule.Moments > 0)
            L.Store(Slice.First + i, flushes ? VectorMath.Flush<L, V>(m1) : m1);
        if (TRule.Moments > 1)
            L.Store(Slice.Second + i, flushes ? VectorMath.Flush<L, V>(m2) : m2);
    }
}
