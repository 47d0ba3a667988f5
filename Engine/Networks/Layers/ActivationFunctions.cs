using System.Runtime.CompilerServices;
using Engine.Numerics;

namespace Engine.Networks;

/// <summary>An elementwise activation y = f(x). A struct, so that the compiler inlines it into the loop.</summary>
public interface IActivationFunction
{
    /// <summary>Whether <see cref="Backward"/> reads the input x. If not, it reads the output y, which overwrites x.</summary>
    static abstract bool NeedsInput { get; }

    /// <summary>f(x).</summary>
    static abstract V Forward<L, V>(V x) where L : struct, ILanes<V> where V : struct;

    /// <summary>dy · f′(x), where <paramref name="kept"/> is x or y.</summary>
    static abstract V Backward<L, V>(V kept, V dy) where L : struct, ILanes<V> where V : struct;
}

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
