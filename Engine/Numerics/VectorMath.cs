using System.Runtime.CompilerServices;

namespace Engine.Numerics;

/// <summary>
/// Elementary functions of a vector of floats by range reduction and polynomials, with errors of a few units in the last place. NaN gives
/// NaN.
/// </summary>
internal static class VectorMath
{
    private const float Log2E = 1.44269504f, Ln2High = 0.693359375f, Ln2Low = -2.12194440e-4f;

    /// <summary>1.5·2²³: adding it leaves the nearest integer in the low bits.</summary>
    private const float RoundingShift = 12582912f;

    /// <summary>eˣ; 0 below −87.337 (where the result is denormal), ∞ above 88.376 (slightly below the overflow at 88.72).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Exp<L, V>(V x) where L : struct, ILanes<V> where V : struct
    {
        var p = Reduced<L, V>(x, out var scale);
        var e = L.Fma(p, scale, scale);
        e = L.Select(L.Less(x, L.Broadcast(-87.33654f)), L.Zero, e);
        return L.Select(L.Less(L.Broadcast(88.37626f), x), L.Broadcast(float.PositiveInfinity), e);
    }

    /// <summary>eˣ − 1 for x in [−87, 88], accurate near 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V ExpMinusOne<L, V>(V x) where L : struct, ILanes<V> where V : struct
    {
        var p = Reduced<L, V>(x, out var scale);
        return L.Fma(p, scale, L.Subtract(scale, L.Broadcast(1)));
    }

    /// <summary>1 / (1 + e⁻ˣ).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Sigmoid<L, V>(V x) where L : struct, ILanes<V> where V : struct
    {
        var one = L.Broadcast(1);
        var p = Reduced<L, V>(Clamp<L, V>(L.Subtract(L.Zero, x), 87), out var scale);
        return L.Divide(one, L.Add(L.Fma(p, scale, scale), one));
    }

    /// <summary>tanh x = e / (e + 2) with e = e²ˣ − 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Tanh<L, V>(V x) where L : struct, ILanes<V> where V : struct
    {
        var e = ExpMinusOne<L, V>(Clamp<L, V>(L.Add(x, x), 20));
        return L.Divide(e, L.Add(e, L.Broadcast(2)));
    }

    /// <summary>
    /// The standard normal distribution function Φ(x) and density φ(x). With a = |x|: Φ(−a) = φ(a)·R(a), where R (Mills' ratio) is a
    /// polynomial in (a − 3.5)/(a + 3.5) fitted on [0, 13.5]; φ is 0 in float beyond.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Normal<L, V>(V x, out V density) where L : struct, ILanes<V> where V : struct
    {
        var a = L.Abs(x);
        a = L.Select(L.Less(L.Broadcast(13.5f), a), L.Broadcast(13.5f), a);
        var square = L.Multiply(a, a);
        var rest = L.Fma(a, a, L.Subtract(L.Zero, square));
        var minusHalf = L.Broadcast(-0.5f);
        var e = Exp<L, V>(L.Multiply(square, minusHalf));
        e = L.Fma(e, L.Multiply(rest, minusHalf), e);
        var u = L.Divide(L.Subtract(a, L.Broadcast(3.5f)), L.Add(a, L.Broadcast(3.5f)));
        var q = L.Broadcast(-2.03159088e-05f);
        q = L.Fma(q, u, L.Broadcast(-5.09247075e-05f));
        q = L.Fma(q, u, L.Broadcast(0.000133997019f));
        q = L.Fma(q, u, L.Broadcast(0.000389199529f));
        q = L.Fma(q, u, L.Broadcast(-0.00138182903f));
        q = L.Fma(q, u, L.Broadcast(-0.00156116241f));
        q = L.Fma(q, u, L.Broadcast(0.0190657079f));
        q = L.Fma(q, u, L.Broadcast(-0.0616394542f));
        q = L.Fma(q, u, L.Broadcast(0.125855252f));
        q = L.Fma(q, u, L.Broadcast(-0.187139705f));
        q = L.Fma(q, u, L.Broadcast(0.106345154f));
        var tail = L.Multiply(e, q);
        density = L.Multiply(e, L.Broadcast(0.398942280f));
        return L.Select(L.Less(x, L.Zero), tail, L.Subtract(L.Broadcast(1), tail));
    }

    /// <summary>x, or a zero with its sign if x is denormal, as a processor that flushes denormals computes it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Flush<L, V>(V x) where L : struct, ILanes<V> where V : struct =>
        L.Select(L.LessBits(L.Abs(x), L.BroadcastBits(0x00800000)), L.And(x, L.BroadcastBits(0x80000000)), x);

    /// <summary>x clamped to ±<paramref name="limit"/>; NaN stays NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Clamp<L, V>(V x, float limit) where L : struct, ILanes<V> where V : struct
    {
        var high = L.Broadcast(limit);
        var low = L.Broadcast(-limit);
        x = L.Select(L.Less(high, x), high, x);
        return L.Select(L.Less(x, low), low, x);
    }

    /// <summary>With x = n·ln 2 + r, |r| ≤ ln 2 / 2: returns eʳ − 1 and 2ⁿ.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Reduced<L, V>(V x, out V scale) where L : struct, ILanes<V> where V : struct
    {
        var shift = L.Broadcast(RoundingShift);
        var shifted = L.Fma(x, L.Broadcast(Log2E), shift);
        var n = L.Subtract(shifted, shift);
        var r = L.Fma(n, L.Broadcast(-Ln2High), x);
        r = L.Fma(n, L.Broadcast(-Ln2Low), r);
        scale = L.AddBits(L.ShiftLeftBits(shifted, 23), L.Broadcast(1));
        var q = L.Broadcast(0.00139336882f);
        q = L.Fma(q, r, L.Broadcast(0.00836320501f));
        q = L.Fma(q, r, L.Broadcast(0.041666463f));
        q = L.Fma(q, r, L.Broadcast(0.166665763f));
        q = L.Fma(q, r, L.Broadcast(0.5f));
        return L.Fma(L.Multiply(r, r), q, r);
    }
}
