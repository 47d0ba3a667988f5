using System.Runtime.CompilerServices;
using Engine.Kernels;
using Engine.Simd;

namespace Engine.Layers.Functions;

/// <summary>f(x) = tanh x, f′ = 1 − y².</summary>
public readonly struct Tanh : IActivationFunction
{
    public static bool NeedsInput => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Forward<L, V>(V x) where L : struct, ILanes<V> where V : struct =>
        VectorMath.Tanh<L, V>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Backward<L, V>(V kept, V dy) where L : struct, ILanes<V> where V : struct =>
        L.Multiply(dy, L.Subtract(L.Broadcast(1), L.Multiply(kept, kept)));
}
