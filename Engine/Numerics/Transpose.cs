using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Engine.Numerics;

/// <summary>Transposes panels of W (rows × columns) into panels of Wᵀ (columns × rows), for the product dZ·Wᵀ.</summary>
internal static unsafe class Transpose
{
    private const int Block = 8;

    /// <summary>Writes the worker's share of <paramref name="target"/>, without the padding.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(Panels source, float* from, Panels target, float* to, Worker worker)
    {
        foreach (var panel in source.All)
        {
            var columns = Math.Min(panel.Width, source.Columns - panel.FirstColumn);
            foreach (var other in target.All)
            {
                if (!worker.Owns(other.FirstColumn, other.Width, target.Stride))
                    continue;
                var rows = Math.Min(other.Width, source.Rows - other.FirstColumn);
                Copy(from + panel.At(other.FirstColumn), panel.Width, to + other.At(panel.FirstColumn), other.Width, rows, columns);
            }
        }
    }

    /// <summary>to (columns × rows) = from (rows × columns)ᵀ, with the given distances between rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Copy(float* from, nint fromStride, float* to, nint toStride, int rows, int columns)
    {
        var fullRows = Avx.IsSupported ? rows / Block * Block : 0;
        var fullColumns = Avx.IsSupported ? columns / Block * Block : 0;
        for (var row = 0; row < fullRows; row += Block)
            for (var column = 0; column < fullColumns; column += Block)
                Eight(from + row * fromStride + column, fromStride, to + column * toStride + row, toStride);
        for (var row = 0; row < rows; row++)
            for (var column = row < fullRows ? fullColumns : 0; column < columns; column++)
                to[column * toStride + row] = from[row * fromStride + column];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Eight(float* from, nint fromStride, float* to, nint toStride)
    {
        // Loads halves of rows i and i + 4 into one register, so that the transposition needs only in-lane shuffles.
        var a0 = Pair(from, fromStride, 0, 0);
        var a1 = Pair(from, fromStride, 1, 0);
        var a2 = Pair(from, fromStride, 2, 0);
        var a3 = Pair(from, fromStride, 3, 0);
        Four(a0, a1, a2, a3, to, toStride);
        var b0 = Pair(from, fromStride, 0, 4);
        var b1 = Pair(from, fromStride, 1, 4);
        var b2 = Pair(from, fromStride, 2, 4);
        var b3 = Pair(from, fromStride, 3, 4);
        Four(b0, b1, b2, b3, to + 4 * toStride, toStride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Pair(float* from, nint stride, int row, int column) =>
        Vector256.Create(Vector128.Load(from + row * stride + column), Vector128.Load(from + (row + 4) * stride + column));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Four(
        Vector256<float> a0, Vector256<float> a1, Vector256<float> a2, Vector256<float> a3, float* to, nint toStride)
    {
        var low01 = Avx.UnpackLow(a0, a1).AsDouble();
        var high01 = Avx.UnpackHigh(a0, a1).AsDouble();
        var low23 = Avx.UnpackLow(a2, a3).AsDouble();
        var high23 = Avx.UnpackHigh(a2, a3).AsDouble();
        Avx.UnpackLow(low01, low23).AsSingle().Store(to);
        Avx.UnpackHigh(low01, low23).AsSingle().Store(to + toStride);
        Avx.UnpackLow(high01, high23).AsSingle().Store(to + 2 * toStride);
        Avx.UnpackHigh(high01, high23).AsSingle().Store(to + 3 * toStride);
    }
}
