using System.Numerics;
using System.Runtime.CompilerServices;

namespace Engine.Numerics;

/// <summary>An integer as a type argument, so that the compiler specialises and unrolls the code that uses it.</summary>
internal interface ICount
{
    static abstract int Value { get; }
}

internal readonly struct One : ICount { public static int Value => 1; }

internal readonly struct Two : ICount { public static int Value => 2; }

internal readonly struct Three : ICount { public static int Value => 3; }

internal readonly struct Four : ICount { public static int Value => 4; }

internal readonly struct Six : ICount { public static int Value => 6; }

internal readonly struct Eight : ICount { public static int Value => 8; }

/// <summary>
/// A block of a product whose sums are held in registers: 4, 6 or 8 rows of 1 to 4 vectors. Sums run over the depth in order, one fused
/// multiply-add per term, so that neither the tile nor the vector width changes a result. One call computes several tiles below each other
/// and advances the arguments: for short sums, one call per tile would take a quarter of the time.
/// </summary>
internal static unsafe class Tile<L, V, TRows, TVectors>
    where L : struct, ILanes<V> where V : struct where TRows : struct, ICount where TVectors : struct, ICount
{
    /// <summary>Sums all terms of <paramref name="tiles"/> tiles.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(ref TileArguments t, int tiles)
    {
        for (; tiles > 0; tiles--, t.Advance(TRows.Value))
            One(t);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void One(in TileArguments t)
    {
        float* b = t.B, a0 = t.A;
        nint row = t.RowStrideA, step = t.DepthStrideA, stepB = t.StrideB;
        float* a1 = a0 + row, a2 = a1 + row, a3 = a2 + row, a4 = a3 + row, a5 = a4 + row, a6 = a5 + row, a7 = a6 + row;
        RowSums<L, V, TVectors> r0 = new(t, 0), r1 = new(t, 1), r2 = new(t, 2), r3 = new(t, 3), r4 = default, r5 = default, r6 = default, r7 = default;
        if (TRows.Value > 4)
            (r4, r5) = (new(t, 4), new(t, 5));
        if (TRows.Value > 6)
            (r6, r7) = (new(t, 6), new(t, 7));
        for (nint k = 0, end = t.Depth * step; k != end; k += step, b += stepB)
        {
            var w = new Term<L, V, TVectors>(b);
            r0.Add(a0[k], w);
            r1.Add(a1[k], w);
            r2.Add(a2[k], w);
            r3.Add(a3[k], w);
            if (TRows.Value > 4)
            {
                r4.Add(a4[k], w);
                r5.Add(a5[k], w);
            }
            if (TRows.Value > 6)
            {
                r6.Add(a6[k], w);
                r7.Add(a7[k], w);
            }
        }
        Store(t, r0, r1, r2, r3, r4, r5, r6, r7);
    }

    /// <summary>Sums all terms of several segments (<see cref="TileArguments.Segments"/>).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void RunSegments(ref TileArguments t, int tiles)
    {
        for (; tiles > 0; tiles--, t.Advance(TRows.Value))
            OneOfSegments(t);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void OneOfSegments(in TileArguments t)
    {
        float* b = t.B, a0 = t.A;
        nint row = t.RowStrideA, step = t.DepthStrideA, stepB = t.StrideB;
        float* a1 = a0 + row, a2 = a1 + row, a3 = a2 + row, a4 = a3 + row, a5 = a4 + row, a6 = a5 + row, a7 = a6 + row;
        RowSums<L, V, TVectors> r0 = new(t, 0), r1 = new(t, 1), r2 = new(t, 2), r3 = new(t, 3), r4 = default, r5 = default, r6 = default, r7 = default;
        if (TRows.Value > 4)
            (r4, r5) = (new(t, 4), new(t, 5));
        if (TRows.Value > 6)
            (r6, r7) = (new(t, 6), new(t, 7));
        var next = t.SegmentStrideA;
        for (var segment = t.Segments; segment > 0; segment--)
        {
            for (nint k = 0, end = t.Depth * step; k != end; k += step, b += stepB)
            {
                var w = new Term<L, V, TVectors>(b);
                r0.Add(a0[k], w);
                r1.Add(a1[k], w);
                r2.Add(a2[k], w);
                r3.Add(a3[k], w);
                if (TRows.Value > 4)
                {
                    r4.Add(a4[k], w);
                    r5.Add(a5[k], w);
                }
                if (TRows.Value > 6)
                {
                    r6.Add(a6[k], w);
                    r7.Add(a7[k], w);
                }
            }
            a0 += next;
            a1 += next;
            a2 += next;
            a3 += next;
            if (TRows.Value > 4)
            {
                a4 += next;
                a5 += next;
            }
            if (TRows.Value > 6)
            {
                a6 += next;
                a7 += next;
            }
        }
        Store(t, r0, r1, r2, r3, r4, r5, r6, r7);
    }

    /// <summary>
    /// Sums only the terms whose bit is set in <see cref="TileArguments.Mask"/> for one of the rows. The left values of the other terms are
    /// 0 and do not change any sum.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void RunMasked(ref TileArguments t, int tiles)
    {
        for (; tiles > 0; tiles--, t.Advance(TRows.Value))
            OneMasked(t);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void OneMasked(in TileArguments t)
    {
        float* b = t.B, a0 = t.A;
        nint row = t.RowStrideA, step = t.DepthStrideA, stepB = t.StrideB;
        float* a1 = a0 + row, a2 = a1 + row, a3 = a2 + row, a4 = a3 + row, a5 = a4 + row, a6 = a5 + row, a7 = a6 + row;
        RowSums<L, V, TVectors> r0 = new(t, 0), r1 = new(t, 1), r2 = new(t, 2), r3 = new(t, 3), r4 = default, r5 = default, r6 = default, r7 = default;
        if (TRows.Value > 4)
            (r4, r5) = (new(t, 4), new(t, 5));
        if (TRows.Value > 6)
            (r6, r7) = (new(t, 6), new(t, 7));
        for (nint first = 0, word = 0; first < t.Depth; first += 64, word += 2)
        {
            for (var bits = t.Bits(word, TRows.Value); bits != 0; bits &= bits - 1)
            {
                var k = first + BitOperations.TrailingZeroCount(bits);
                var w = new Term<L, V, TVectors>(b + k * stepB);
                k *= step;
                r0.Add(a0[k], w);
                r1.Add(a1[k], w);
                r2.Add(a2[k], w);
                r3.Add(a3[k], w);
                if (TRows.Value > 4)
                {
                    r4.Add(a4[k], w);
                    r5.Add(a5[k], w);
                }
                if (TRows.Value > 6)
                {
                    r6.Add(a6[k], w);
                    r7.Add(a7[k], w);
                }
            }
        }
        Store(t, r0, r1, r2, r3, r4, r5, r6, r7);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(
        in TileArguments t, RowSums<L, V, TVectors> r0, RowSums<L, V, TVectors> r1, RowSums<L, V, TVectors> r2, RowSums<L, V, TVectors> r3,
        RowSums<L, V, TVectors> r4, RowSums<L, V, TVectors> r5, RowSums<L, V, TVectors> r6, RowSums<L, V, TVectors> r7)
    {
        r0.Store(t, 0);
        r1.Store(t, 1);
        r2.Store(t, 2);
        r3.Store(t, 3);
        if (TRows.Value > 4)
        {
            r4.Store(t, 4);
            r5.Store(t, 5);
        }
        if (TRows.Value > 6)
        {
            r6.Store(t, 6);
            r7.Store(t, 7);
        }
    }
}

/// <summary>One row of the tile's part of the right matrix: the right factors of one term of every sum.</summary>
internal readonly unsafe struct Term<L, V, TVectors> where L : struct, ILanes<V> where V : struct where TVectors : struct, ICount
{
    public readonly V B0, B1, B2, B3;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Term(float* b)
    {
        B0 = L.Load(b);
        if (TVectors.Value > 1)
            B1 = L.Load(b + L.Width);
        if (TVectors.Value > 2)
            B2 = L.Load(b + 2 * L.Width);
        if (TVectors.Value > 3)
            B3 = L.Load(b + 3 * L.Width);
    }
}

/// <summary>The sums of one row of a tile.</summary>
internal unsafe struct RowSums<L, V, TVectors> where L : struct, ILanes<V> where V : struct where TVectors : struct, ICount
{
    private V c0, c1, c2, c3;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public RowSums(in TileArguments t, int row)
    {
        var start = t.Start + row * t.StartStride;
        c0 = L.Load(start);
        if (TVectors.Value > 1)
            c1 = L.Load(start + L.Width);
        if (TVectors.Value > 2)
            c2 = L.Load(start + 2 * L.Width);
        if (TVectors.Value > 3)
            c3 = L.Load(start + 3 * L.Width);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(float a, in Term<L, V, TVectors> w)
    {
        var x = L.Broadcast(a);
        c0 = L.Fma(x, w.B0, c0);
        if (TVectors.Value > 1)
            c1 = L.Fma(x, w.B1, c1);
        if (TVectors.Value > 2)
            c2 = L.Fma(x, w.B2, c2);
        if (TVectors.Value > 3)
            c3 = L.Fma(x, w.B3, c3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Store(in TileArguments t, int row)
    {
        var to = t.C + row * t.StrideC;
        L.Store(to, c0);
        if (TVectors.Value > 1)
            L.Store(to + L.Width, c1);
        if (TVectors.Value > 2)
            L.Store(to + 2 * L.Width, c2);
        if (TVectors.Value > 3)
            L.Store(to + 3 * L.Width, c3);
    }
}
