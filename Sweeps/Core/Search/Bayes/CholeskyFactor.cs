namespace Sweeps.Core.Search.Bayes;

/// <summary>K = L·Lᵀ of a symmetric positive definite matrix, and the inverse of L; n³/2 multiplications in contiguous sums.</summary>
internal sealed class CholeskyFactor
{
    private readonly double[] inverse;

    private CholeskyFactor(int size, double logDeterminant, double[] inverse)
    {
        Size = size;
        LogDeterminant = logDeterminant;
        this.inverse = inverse;
    }

    /// <summary>n.</summary>
    public int Size { get; }

    /// <summary>Σ ln Lᵢᵢ: half of ln det K.</summary>
    public double LogDeterminant { get; }

    /// <summary>
    /// Factors an n × n matrix, of which the lower triangle is read and overwritten; null when it is not positive definite.
    /// </summary>
    public static CholeskyFactor? Of(double[] matrix, int n)
    {
        var logDeterminant = 0.0;
        for (var i = 0; i < n; i++)
        {
            var row = matrix.AsSpan(i * n, i + 1);
            for (var j = 0; j < i; j++)
                row[j] = (row[j] - Dense.Dot(row[..j], matrix.AsSpan(j * n, j))) / matrix[j * n + j];
            var pivot = row[i] - Dense.Dot(row[..i], row[..i]);
            if (!(pivot > 0))
                return null;
            row[i] = Math.Sqrt(pivot);
            logDeterminant += Math.Log(row[i]);
        }
        return new CholeskyFactor(n, logDeterminant, Invert(matrix, n));
    }

    /// <summary>L⁻¹·k.</summary>
    public void Forward(ReadOnlySpan<double> k, Span<double> result)
    {
        result.Clear();
        for (var m = 0; m < Size; m++)
            Dense.AddScaled(k[m], Column(m), result[m..]);
    }

    /// <summary>L⁻ᵀ·v, so that Backward(Forward(k)) is K⁻¹·k.</summary>
    public void Backward(ReadOnlySpan<double> v, Span<double> result)
    {
        for (var m = 0; m < Size; m++)
            result[m] = Dense.Dot(Column(m), v[m..]);
    }

    /// <summary>The element (i, j) of K⁻¹, j ≤ i.</summary>
    public double Inverse(int i, int j) => Dense.Dot(Column(i), Column(j)[(i - j)..]);

    /// <summary>Column m of L⁻¹ from its diagonal down.</summary>
    private ReadOnlySpan<double> Column(int m) => inverse.AsSpan(m * Size + m, Size - m);

    /// <summary>L⁻¹ with its columns as rows.</summary>
    private static double[] Invert(double[] l, int n)
    {
        var columns = new double[n * n];
        for (var i = 0; i < n; i++)
        {
            var column = columns.AsSpan(i * n, n);
            column[i] = 1 / l[i * n + i];
            for (var k = i + 1; k < n; k++)
                column[k] = -Dense.Dot(l.AsSpan(k * n + i, k - i), column[i..k]) / l[k * n + k];
        }
        return columns;
    }
}
