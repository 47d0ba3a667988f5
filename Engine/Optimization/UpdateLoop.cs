using System.Runtime.CompilerServices;
using Engine.Simd;

namespace Engine.Optimization;

/// <summary>Applies a rule to a slice of weights, sixteen (eight, four) at a time.</summary>
internal unsafe struct UpdateLoop<TRule> : IKernel where TRule : struct, IUpdateRule
{
    public TRule Rule;
    public UpdateSlice Slice;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Run<L, V>() where L : struct, ILanes<V> where V : struct
    {
        float* weights = Slice.Weights, gradients = Slice.Gradients, first = Slice.First, second = Slice.Second;
        var rule = Rule;
        var coupled = L.Broadcast(Slice.CoupledDecay);
        var keep = L.Broadcast(1 - Slice.DecoupledDecay);
        for (nint i = 0, count = Slice.Count; i < count; i += L.Width)
        {
            var weight = L.Load(weights + i);
            var gradient = L.Fma(coupled, weight, L.Load(gradients + i));
            V m1 = L.Zero, m2 = L.Zero;
            if (TRule.Moments > 0)
                m1 = L.Load(first + i);
            if (TRule.Moments > 1)
                m2 = L.Load(second + i);
            weight = rule.Step<L, V>(L.Multiply(keep, weight), gradient, ref m1, ref m2);
            L.Store(weights + i, weight);
            if (TRule.Moments > 0)
                L.Store(first + i, m1);
            if (TRule.Moments > 1)
                L.Store(second + i, m2);
        }
    }
}
