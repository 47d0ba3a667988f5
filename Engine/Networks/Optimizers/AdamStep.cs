using System.Runtime.CompilerServices;
using Engine.Numerics;

namespace Engine.Networks;

/// <summary>
/// The step of the Adam family: m ← m + (1 − β₁)(g − m), v ← v + (1 − β₂)(g² − v), w ← w − (a·m + b·g) / (√v·c + ε). Adam, NAdam and Eve
/// differ in a, b and c.
/// </summary>
/// <param name="beta1">β₁ in [0, 1).</param>
/// <param name="beta2">β₂ in [0, 1).</param>
/// <param name="epsilon">ε &gt; 0.</param>
/// <param name="momentFactor">a: the learning rate over the bias correction of m.</param>
/// <param name="gradientFactor">b: the factor of the current gradient; 0 except for NAdam.</param>
/// <param name="rootFactor">c: 1 over the square root of the bias correction of v.</param>
internal readonly struct AdamStep(
    double beta1, double beta2, double epsilon, double momentFactor, double gradientFactor, double rootFactor) : IUpdateRule
{
    private readonly float oneMinusBeta1 = (float)(1 - beta1), oneMinusBeta2 = (float)(1 - beta2);
    private readonly float a = (float)momentFactor, b = (float)gradientFactor, c = (float)rootFactor, epsilon = (float)epsilon;

    public static int Moments => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Step<L, V>(V weight, V gradient, ref V first, ref V second) where L : struct, ILanes<V> where V : struct
    {
        first = L.Fma(L.Subtract(gradient, first), L.Broadcast(oneMinusBeta1), first);
        second = L.Fma(L.Fma(gradient, gradient, L.Negate(second)), L.Broadcast(oneMinusBeta2), second);
        var step = L.Fma(first, L.Broadcast(a), L.Multiply(gradient, L.Broadcast(b)));
        var root = L.Fma(L.Sqrt(second), L.Broadcast(c), L.Broadcast(epsilon));
        return L.Subtract(weight, L.Divide(step, root));
    }
}
