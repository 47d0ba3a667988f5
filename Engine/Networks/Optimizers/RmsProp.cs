using System.Runtime.CompilerServices;
using Engine.Numerics;

namespace Engine.Networks;

/// <summary>v ← βv + (1 − β)g², w ← w − ηg / (√v + ε) (Tieleman, Hinton 2012).</summary>
/// <param name="beta">The decay β of the mean square, in [0, 1).</param>
/// <param name="epsilon">ε &gt; 0.</param>
public sealed class RmsProp(double beta, double epsilon) : Optimizer
{
    private Rule rule;

    /// <inheritdoc/>
    public override int Moments => Rule.Moments;

    /// <inheritdoc/>
    public override void Begin(in StepInfo step) => rule = new Rule((float)beta, (float)(1 - beta), (float)epsilon, -(float)step.LearningRate);

    /// <inheritdoc/>
    public override void Update(in UpdateSlice slice) => Apply(rule, slice);

    private readonly struct Rule(float beta, float oneMinusBeta, float epsilon, float minusRate) : IUpdateRule
    {
        public static int Moments => 1;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Step<L, V>(V weight, V gradient, ref V first, ref V second) where L : struct, ILanes<V> where V : struct
        {
            var square = L.Multiply(L.Multiply(gradient, gradient), L.Broadcast(oneMinusBeta));
            first = L.Fma(first, L.Broadcast(beta), square);
            var step = L.Divide(gradient, L.Add(L.Sqrt(first), L.Broadcast(epsilon)));
            return L.Fma(step, L.Broadcast(minusRate), weight);
        }
    }
}
