using System.Runtime.CompilerServices;

namespace Engine.Numerics;

/// <summary>Register tiles 2 vectors wide. Sums run over the depth in order, one fused multiply-add at a time.</summary>
internal static unsafe class Tile2<L, V> where L : struct, ILanes<V> where V : struct
{
    /// <summary>Eight rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Eight(in TileArguments t)
    {
        float* b = t.B, a0 = t.A;
        nint row = t.RowStrideA, step = t.DepthStrideA, stepB = t.StrideB;
        float* a1 = a0 + row, a2 = a1 + row, a3 = a2 + row, a4 = a3 + row, a5 = a4 + row, a6 = a5 + row, a7 = a6 + row;
        var r0 = new Accumulator2<L, V>(t.Start);
        var r1 = new Accumulator2<L, V>(t.Start + t.StartStride);
        var r2 = new Accumulator2<L, V>(t.Start + 2 * t.StartStride);
        var r3 = new Accumulator2<L, V>(t.Start + 3 * t.StartStride);
        var r4 = new Accumulator2<L, V>(t.Start + 4 * t.StartStride);
        var r5 = new Accumulator2<L, V>(t.Start + 5 * t.StartStride);
        var r6 = new Accumulator2<L, V>(t.Start + 6 * t.StartStride);
        var r7 = new Accumulator2<L, V>(t.Start + 7 * t.StartStride);
        for (nint k = 0, end = t.Depth * step; k != end; k += step)
        {
            V b0 = L.Load(b), b1 = L.Load(b + L.Width);
            b += stepB;
            r0.Add(a0[k], b0, b1);
            r1.Add(a1[k], b0, b1);
            r2.Add(a2[k], b0, b1);
            r3.Add(a3[k], b0, b1);
            r4.Add(a4[k], b0, b1);
            r5.Add(a5[k], b0, b1);
            r6.Add(a6[k], b0, b1);
            r7.Add(a7[k], b0, b1);
        }
        r0.Store(t.C);
        r1.Store(t.C + t.StrideC);
        r2.Store(t.C + 2 * t.StrideC);
        r3.Store(t.C + 3 * t.StrideC);
        r4.Store(t.C + 4 * t.StrideC);
        r5.Store(t.C + 5 * t.StrideC);
        r6.Store(t.C + 6 * t.StrideC);
        r7.Store(t.C + 7 * t.StrideC);
    }

    /// <summary>Four rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Four(in TileArguments t)
    {
        float* b = t.B, a0 = t.A;
        nint row = t.RowStrideA, step = t.DepthStrideA, stepB = t.StrideB;
        float* a1 = a0 + row, a2 = a1 + row, a3 = a2 + row;
        var r0 = new Accumulator2<L, V>(t.Start);
        var r1 = new Accumulator2<L, V>(t.Start + t.StartStride);
        var r2 = new Accumulator2<L, V>(t.Start + 2 * t.StartStride);
        var r3 = new Accumulator2<L, V>(t.Start + 3 * t.StartStride);
        for (nint k = 0, end = t.Depth * step; k != end; k += step)
        {
            V b0 = L.Load(b), b1 = L.Load(b + L.Width);
            b += stepB;
            r0.Add(a0[k], b0, b1);
            r1.Add(a1[k], b0, b1);
            r2.Add(a2[k], b0, b1);
            r3.Add(a3[k], b0, b1);
        }
        r0.Store(t.C);
        r1.Store(t.C + t.StrideC);
        r2.Store(t.C + 2 * t.StrideC);
        r3.Store(t.C + 3 * t.StrideC);
    }
}
