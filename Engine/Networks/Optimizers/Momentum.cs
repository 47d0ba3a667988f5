using System.Runtime.CompilerServices;
using Engine.Numerics;

namespace Engine.Networks;

/// <summary>u ← βu + g, w ← w − ηu (Polyak 1964; as in PyTorch without dampening, the learning rate is not part of u).</summary>
/// <param name="beta">The momentum β, in [0, 1).</param>
public sealed class Momentum(double beta) : Optimizer
{
    private Rule rule;

    /// <inheritdoc/>
    public override int Moments => Rule.Moments;

    /// <inheritdoc/>
    public override void Begin(in StepInfo step) => rule = new Rule((float)beta, -(float)step.LearningRate);

    /// <inheritdoc/>
    public override void Update(in UpdateSlice slice) => Apply(rule, slice);

    private readonly struct Rule(float beta, float minusRate) : IUpdateRule
    {
        public static int Moments => 1;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Step<L, V>(V weight, V gradient, ref V first, ref V second) where L : struct, ILanes<V> where V : struct
        {
            first = L.Fma(first, L.Broadcast(beta), gradient);
            return L.Fma(first, L.Broadcast(minusRate), weight);
        }
    }
}
