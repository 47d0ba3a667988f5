namespace Sweeps.Core.Search.Bayes;

/// <summary>K = L·Lᵀ of a symmetric positive definite matrix, and the inverse of L; n³/3 multiplications in contiguous sums.</summary>
internal sealed class CholeskyFactor
{
    private readonly double[] l;
    private readonly double[] inverse;

    private CholeskyFactor(int size, double[] l, double[] inverse) => (Size, this.l, this.inverse) = (size, l, inverse);

    /// <summary>n.</summary>
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
    /// Factors an n × n matrix, of which the lower triangle is read and overwritten; null when it is not positive definite. Where the first
    /// <paramref name="shared"/> rows are those of a matrix that is factored already, they are taken from there and need not be filled in: a
    /// new row costs n² multiplications, and gives the same bits.
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
                row[j] = (row[j] - Dense.Dot(row[..j], matrix.AsSpan(j * n, j))) / matrix[j * n + j];
            var pivot = row[i] - Dense.Dot(row[..i], row[..i]);
            if (!(pivot > 0))
                return null;
            row[i] = Math.Sqrt(pivot);
            for (var j = 0; j < i; j++)
                columns[j * n + i] = -Dense.Dot(row[j..i], columns.AsSpan(j * n + j, i - j)) / row[i];
            columns[i * n + i] = 1 / row[i];
        }
        return new CholeskyFactor(n, matrix, columns);
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
