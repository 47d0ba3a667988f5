using System.Runtime.CompilerServices;
using Engine.Simd;

namespace Engine.Layers.Functions;

/// <summary>f(x) = x.</summary>
public readonly struct Identity : IActivationFunction
{
    public static bool NeedsInput => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Forward<L, V>(V x) where L : struct, ILanes<V> where V : struct =>
        x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Backward<L, V>(V kept, V dy) where L : struct, ILanes<V> where V : struct =>
        dy;
}
