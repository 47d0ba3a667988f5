using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Sweeps.Core.Search.Bayes;

/// <summary>Sums over contiguous doubles, always in four lanes: the same bits on every machine.</summary>
internal static class Dense
{
    /// <summary>Σ xᵢyᵢ over the shorter length.</summary>
    public static double Dot(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        y = y[..x.Length];
        var left = MemoryMarshal.Cast<double, Vector256<double>>(x);
        var right = MemoryMarshal.Cast<double, Vector256<double>>(y);
        var (even, odd) = (Vector256<double>.Zero, Vector256<double>.Zero);
        var i = 0;
        for (; i + 1 < left.Length; i += 2)
        {
            even = Vector256.FusedMultiplyAdd(left[i], right[i], even);
            odd = Vector256.FusedMultiplyAdd(left[i + 1], right[i + 1], odd);
        }
        if (i < left.Length)
            even = Vector256.FusedMultiplyAdd(left[i], right[i], even);
        var lanes = even + odd;
        var sum = lanes[0] + lanes[1] + (lanes[2] + lanes[3]);
        for (var j = 4 * left.Length; j < x.Length; j++)
            sum += x[j] * y[j];
        return sum;
    }

    /// <summary>y += a·x.</summary>
    public static void AddScaled(double a, ReadOnlySpan<double> x, Span<double> y)
    {
        y = y[..x.Length];
        var from = MemoryMarshal.Cast<double, Vector256<double>>(x);
        var to = MemoryMarshal.Cast<double, Vector256<double>>(y);
        var factor = Vector256.Create(a);
        for (var i = 0; i < from.Length; i++)
            to[i] = Vector256.FusedMultiplyAdd(factor, from[i], to[i]);
        for (var j = 4 * from.Length; j < x.Length; j++)
            y[j] += a * x[j];
    }
}
