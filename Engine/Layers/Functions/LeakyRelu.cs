using System.Runtime.CompilerServices;
using Engine.Simd;

namespace Engine.Layers.Functions;

/// <summary>f(x) = x above 0, x/100 below; the derivative at 0 is 1/100.</summary>
public readonly struct LeakyRelu : IActivationFunction
{
    public static bool NeedsInput => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Forward<L, V>(V x) where L : struct, ILanes<V> where V : struct =>
        L.Select(L.Less(x, L.Zero), L.Multiply(x, L.Broadcast(0.01f)), x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Backward<L, V>(V kept, V dy) where L : struct, ILanes<V> where V : struct =>
        L.Select(L.Less(L.Zero, kept), dy, L.Multiply(dy, L.Broadcast(0.01f)));
}
