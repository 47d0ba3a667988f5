using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Sweeps.Core.Search.Bayes;

/// <summary>
/// The Cholesky factorisation K = L·Lᵀ of a symmetric positive definite matrix, and the inverse of L: n³/3 multiplications over contiguous
/// memory.
/// </summary>
internal sealed class CholeskyFactor
{
    private readonly double[] l;
    private readonly double[] inverse;

    private CholeskyFactor(int size, double[] l, double[] inverse) => (Size, this.l, this.inverse) = (size, l, inverse);

    /// <summary>The number of rows n.</summary>
    public int Size { get; }

    /// <summary>Σ ln Lᵢᵢ: half of ln det K.</summary>
    public double LogDeterminant
    {
        get
        {
            var sum = 0.0;
            for (var i = 0; i < Size; i++)
                sum += Math.Log(l[i * Size + i]);
            return sum;
        }
    }

    /// <summary>
    /// Factors an n × n matrix, whose lower triangle is read and overwritten; null when it is not positive definite. The first
    /// <paramref name="shared"/> rows are copied from <paramref name="known"/>, the factor of a matrix with the same rows, and need not be
    /// filled in: each new row then costs n² multiplications, and the result has the same bits.
    /// </summary>
    public static CholeskyFactor? Of(double[] matrix, int n, CholeskyFactor? known = null, int shared = 0)
    {
        var columns = new double[n * n];
        for (var i = 0; i < shared; i++)
        {
            known!.l.AsSpan(i * known.Size, i + 1).CopyTo(matrix.AsSpan(i * n));
            known.Column(i)[..(shared - i)].CopyTo(columns.AsSpan(i * n + i));
        }
        for (var i = shared; i < n; i++)
        {
            var row = matrix.AsSpan(i * n, i + 1);
            for (var j = 0; j < i; j++)
                row[j] = (row[j] - VectorOperations.Dot(row[..j], matrix.AsSpan(j * n, j))) / matrix[j * n + j];
            var pivot = row[i] - VectorOperations.Dot(row[..i], row[..i]);
            if (!(pivot > 0))
                return null;
            row[i] = Math.Sqrt(pivot);
            for (var j = 0; j < i; j++)
                columns[j * n + i] = -VectorOperations.Dot(row[j..i], columns.AsSpan(j * n + j, i - j)) / row[i];
            columns[i * n + i] = 1 / row[i];
        }
        return new CholeskyFactor(n, matrix, columns);
    }

    /// <summary>L⁻¹·k.</summary>
    public void Forward(ReadOnlySpan<double> k, Span<double> result)
    {
        result.Clear();
        for (var m = 0; m < Size; m++)
            VectorOperations.AddScaled(k[m], Column(m), result[m..]);
    }

    /// <summary>L⁻ᵀ·v, so that Backward(Forward(k)) is K⁻¹·k.</summary>
    public void Backward(ReadOnlySpan<double> v, Span<double> result)
    {
        for (var m = 0; m < Size; m++)
            result[m] = VectorOperations.Dot(Column(m), v[m..]);
    }

    /// <summary>The element (i, j) of K⁻¹, j ≤ i.</summary>
    public double Inverse(int i, int j) => VectorOperations.Dot(Column(i), Column(j)[(i - j)..]);

    /// <summary>L⁻¹ row by row: n × n, zero above the diagonal.</summary>
    public double[] InverseRows()
    {
        var rows = new double[Size * Size];
        for (var m = 0; m < Size; m++)
            for (var i = m; i < Size; i++)
                rows[i * Size + m] = inverse[m * Size + i];
        return rows;
    }

    /// <summary>Column m of L⁻¹ from its diagonal down.</summary>
    private ReadOnlySpan<double> Column(int m) => inverse.AsSpan(m * Size + m, Size - m);
}

/// <summary>Operations on vectors of doubles in four lanes on every machine, so that the bits do not depend on the processor.</summary>
internal static class VectorOperations
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
