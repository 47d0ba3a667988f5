using System.Runtime.CompilerServices;
using Engine.Kernels;
using Engine.Simd;

namespace Engine.Layers.Functions;

/// <summary>f(x) = 1 / (1 + e⁻ˣ), f′ = y·(1 − y).</summary>
public readonly struct Sigmoid : IActivationFunction
{
    public static bool NeedsInput => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Forward<L, V>(V x) where L : struct, ILanes<V> where V : struct =>
        VectorMath.Sigmoid<L, V>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Backward<L, V>(V kept, V dy) where L : struct, ILanes<V> where V : struct =>
        L.Multiply(dy, L.Multiply(kept, L.Subtract(L.Broadcast(1), kept)));
}
