using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Engine.Networks;
using Engine.Numerics;

namespace Engine.Tests.Networks;

/// <summary>u ← βu + (1 − β)g, w ← w − ηu: an optimizer in one file, with one line of registration.</summary>
internal sealed class DampedOptimizer(double beta) : Optimizer
{
    private Rule rule;

    public override int Moments => Rule.Moments;

    /// <summary>Registers the optimizer before any test of this assembly, so that every test over the catalog includes it.</summary>
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "The assembly is loaded by the test runner, not by a program.")]
    internal static void Register() => Optimizers.Catalog.Add(
        "damped", options => new DampedOptimizer(options["beta"]),
        new OptionKey("learning_rate", 0.1, OptionRange.Positive, "the learning rate η"),
        new OptionKey("beta", 0.9, OptionRange.Fraction, "decay of the mean gradient"));

    public override void Begin(in StepInfo step) => rule = new Rule((float)beta, (float)(1 - beta), -(float)step.LearningRate);

    public override void Update(in UpdateSlice slice) => Apply(rule, slice);

    private readonly struct Rule(float beta, float fresh, float minusRate) : IUpdateRule
    {
        public static int Moments => 1;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Step<L, V>(V weight, V gradient, ref V first, ref V second) where L : struct, ILanes<V> where V : struct
        {
            first = L.Fma(first, L.Broadcast(beta), L.Multiply(gradient, L.Broadcast(fresh)));
            return L.Fma(first, L.Broadcast(minusRate), weight);
        }
    }
}
