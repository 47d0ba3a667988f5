using System.Numerics;
using System.Runtime.CompilerServices;

namespace Engine.Numerics;

/// <summary>
/// Register tiles of four rows that visit only the terms whose bit is set in <see cref="TileArguments.Mask"/>, in ascending order. A term
/// whose four left values are 0 adds nothing to any sum, so leaving it out gives the same sums.
/// </summary>
internal static unsafe class MaskedTile<L, V> where L : struct, ILanes<V> where V : struct
{
    /// <summary>One vector wide.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void One(in TileArguments t)
    {
        float* a = t.A, b = t.B;
        nint row = t.RowStrideA, step = t.DepthStrideA, stepB = t.StrideB;
        var r0 = new Accumulator1<L, V>(t.Start);
        var r1 = new Accumulator1<L, V>(t.Start + t.StartStride);
        var r2 = new Accumulator1<L, V>(t.Start + 2 * t.StartStride);
        var r3 = new Accumulator1<L, V>(t.Start + 3 * t.StartStride);
        for (nint first = 0, word = 0; first < t.Depth; first += 64, word += 2)
        {
            for (var bits = t.Word(word); bits != 0; bits &= bits - 1)
            {
                var k = first + BitOperations.TrailingZeroCount(bits);
                float* x = a + k * step, w = b + k * stepB;
                V b0 = L.Load(w);
                r0.Add(*x, b0);
                r1.Add(x[row], b0);
                r2.Add(x[2 * row], b0);
                r3.Add(x[3 * row], b0);
            }
        }
        r0.Store(t.C);
        r1.Store(t.C + t.StrideC);
        r2.Store(t.C + 2 * t.StrideC);
        r3.Store(t.C + 3 * t.StrideC);
    }

    /// <summary>Two vectors wide.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Two(in TileArguments t)
    {
        float* a = t.A, b = t.B;
        nint row = t.RowStrideA, step = t.DepthStrideA, stepB = t.StrideB;
        var r0 = new Accumulator2<L, V>(t.Start);
        var r1 = new Accumulator2<L, V>(t.Start + t.StartStride);
        var r2 = new Accumulator2<L, V>(t.Start + 2 * t.StartStride);
        var r3 = new Accumulator2<L, V>(t.Start + 3 * t.StartStride);
        for (nint first = 0, word = 0; first < t.Depth; first += 64, word += 2)
        {
            for (var bits = t.Word(word); bits != 0; bits &= bits - 1)
            {
                var k = first + BitOperations.TrailingZeroCount(bits);
                float* x = a + k * step, w = b + k * stepB;
                V b0 = L.Load(w), b1 = L.Load(w + L.Width);
                r0.Add(*x, b0, b1);
                r1.Add(x[row], b0, b1);
                r2.Add(x[2 * row], b0, b1);
                r3.Add(x[3 * row], b0, b1);
            }
        }
        r0.Store(t.C);
        r1.Store(t.C + t.StrideC);
        r2.Store(t.C + 2 * t.StrideC);
        r3.Store(t.C + 3 * t.StrideC);
    }

    /// <summary>Three vectors wide.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Three(in TileArguments t)
    {
        float* a = t.A, b = t.B;
        nint row = t.RowStrideA, step = t.DepthStrideA, stepB = t.StrideB;
        var r0 = new Accumulator3<L, V>(t.Start);
        var r1 = new Accumulator3<L, V>(t.Start + t.StartStride);
        var r2 = new Accumulator3<L, V>(t.Start + 2 * t.StartStride);
        var r3 = new Accumulator3<L, V>(t.Start + 3 * t.StartStride);
        for (nint first = 0, word = 0; first < t.Depth; first += 64, word += 2)
        {
            for (var bits = t.Word(word); bits != 0; bits &= bits - 1)
            {
                var k = first + BitOperations.TrailingZeroCount(bits);
                float* x = a + k * step, w = b + k * stepB;
                V b0 = L.Load(w), b1 = L.Load(w + L.Width), b2 = L.Load(w + 2 * L.Width);
                r0.Add(*x, b0, b1, b2);
                r1.Add(x[row], b0, b1, b2);
                r2.Add(x[2 * row], b0, b1, b2);
                r3.Add(x[3 * row], b0, b1, b2);
            }
        }
        r0.Store(t.C);
        r1.Store(t.C + t.StrideC);
        r2.Store(t.C + 2 * t.StrideC);
        r3.Store(t.C + 3 * t.StrideC);
    }

    /// <summary>Four vectors wide.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Four(in TileArguments t)
    {
        float* a = t.A, b = t.B;
        nint row = t.RowStrideA, step = t.DepthStrideA, stepB = t.StrideB;
        var r0 = new Accumulator4<L, V>(t.Start);
        var r1 = new Accumulator4<L, V>(t.Start + t.StartStride);
        var r2 = new Accumulator4<L, V>(t.Start + 2 * t.StartStride);
        var r3 = new Accumulator4<L, V>(t.Start + 3 * t.StartStride);
        for (nint first = 0, word = 0; first < t.Depth; first += 64, word += 2)
        {
            for (var bits = t.Word(word); bits != 0; bits &= bits - 1)
            {
                var k = first + BitOperations.TrailingZeroCount(bits);
                float* x = a + k * step, w = b + k * stepB;
                V b0 = L.Load(w), b1 = L.Load(w + L.Width), b2 = L.Load(w + 2 * L.Width), b3 = L.Load(w + 3 * L.Width);
                r0.Add(*x, b0, b1, b2, b3);
                r1.Add(x[row], b0, b1, b2, b3);
                r2.Add(x[2 * row], b0, b1, b2, b3);
                r3.Add(x[3 * row], b0, b1, b2, b3);
            }
        }
        r0.Store(t.C);
        r1.Store(t.C + t.StrideC);
        r2.Store(t.C + 2 * t.StrideC);
        r3.Store(t.C + 3 * t.StrideC);
    }
}
