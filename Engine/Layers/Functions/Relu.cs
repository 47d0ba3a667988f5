using System.Runtime.CompilerServices;
using Engine.Simd;

namespace Engine.Layers.Functions;

/// <summary>f(x) = max(0, x); the derivative at 0 is 0.</summary>
public readonly struct Relu : IActivationFunction
{
    public static bool NeedsInput => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Forward<L, V>(V x) where L : struct, ILanes<V> where V : struct =>
        L.Select(L.Less(x, L.Zero), L.Zero, x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Backward<L, V>(V kept, V dy) where L : struct, ILanes<V> where V : struct =>
        L.Select(L.Less(L.Zero, kept), dy, L.Zero);
}
