using System.Runtime.CompilerServices;
using Engine.Numerics;

namespace Engine.Networks;

/// <summary>w ← w − ηg.</summary>
public sealed class Sgd : Optimizer
{
    private Rule rule;

    /// <inheritdoc/>
    public override int Moments => Rule.Moments;

    /// <inheritdoc/>
    public override void Begin(in StepInfo step) => rule = new Rule(-(float)step.LearningRate);

    /// <inheritdoc/>
    public override void Update(in UpdateSlice slice) => Apply(rule, slice);

    private readonly struct Rule(float minusRate) : IUpdateRule
    {
        public static int Moments => 0;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Step<L, V>(V weight, V gradient, ref V first, ref V second) where L : struct, ILanes<V> where V : struct =>
            L.Fma(gradient, L.Broadcast(minusRate), weight);
    }
}
