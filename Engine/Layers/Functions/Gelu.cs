using System.Runtime.CompilerServices;
using Engine.Kernels;
using Engine.Simd;

namespace Engine.Layers.Functions;

/// <summary>f(x) = x·Φ(x) with the exact normal distribution function, f′ = Φ(x) + x·φ(x) (Hendrycks, Gimpel 2016).</summary>
public readonly struct Gelu : IActivationFunction
{
    public static bool NeedsInput => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Forward<L, V>(V x) where L : struct, ILanes<V> where V : struct =>
        L.Multiply(x, VectorMath.Normal<L, V>(x, out _));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Backward<L, V>(V kept, V dy) where L : struct, ILanes<V> where V : struct
    {
        var cumulative = VectorMath.Normal<L, V>(kept, out var density);
        return L.Multiply(dy, L.Fma(kept, density, cumulative));
    }
}
