using System.Runtime.CompilerServices;
using Engine.Numerics;

namespace Engine.Networks;

/// <summary>
/// The step that Adam and its relatives share: m ← m + (1 − β₁)(g − m), v ← v + (1 − β₂)(g² − v),
/// w ← w − (a·m + b·g) / (√v·c + ε). The relatives differ in a, b and c.
/// </summary>
/// <param name="beta1">β₁ in [0, 1).</param>
/// <param name="beta2">β₂ in [0, 1).</param>
/// <param name="epsilon">ε &gt; 0.</param>
/// <param name="momentFactor">a: the learning rate over the bias correction of m.</param>
/// <param name="gradientFactor">b: 0 but for NAdam.</param>
/// <param name="rootFactor">c: the bias correction of √v.</param>
internal readonly struct AdamStep(
    double beta1, double beta2, double epsilon, double momentFactor, double gradientFactor, double rootFactor) : IUpdateRule
{
    private readonly float take1 = (float)(1 - beta1), take2 = (float)(1 - beta2);
    private readonly float a = (float)momentFactor, b = (float)gradientFactor, c = (float)rootFactor, epsilon = (float)epsilon;

    public static int Moments => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Step<L, V>(V weight, V gradient, ref V first, ref V second) where L : struct, ILanes<V> where V : struct
    {
        first = L.Fma(L.Subtract(gradient, first), L.Broadcast(take1), first);
        second = L.Fma(L.Fma(gradient, gradient, L.Negate(second)), L.Broadcast(take2), second);
        var step = L.Fma(first, L.Broadcast(a), L.Multiply(gradient, L.Broadcast(b)));
        var root = L.Fma(L.Sqrt(second), L.Broadcast(c), L.Broadcast(epsilon));
        return L.Subtract(weight, L.Divide(step, root));
    }
}
