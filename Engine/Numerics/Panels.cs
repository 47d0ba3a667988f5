namespace Engine.Numerics;

/// <summary>
/// The memory layout of a (rows × columns) matrix of weights: columns are padded to groups of sixteen, the groups are divided evenly into
/// panels of at most four, and each panel is stored row by row. A product then reads a panel sequentially.
/// </summary>
public sealed class Panels
{
    /// <summary>Columns per group: the lanes of the widest vector. A constant, so that the layout is the same on every machine.</summary>
    public const int Lane = 16;

    private const int MaxVectors = 4;

    /// <summary>The layout of a matrix with at least one row and one column.</summary>
    public Panels(int rows, int columns)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        Rows = rows;
        Columns = columns;
        Stride = RoundUp(columns);
        var vectors = Stride / Lane;
        var count = (vectors + MaxVectors - 1) / MaxVectors;
        All = new Panel[count];
        for (int i = 0, first = 0; i < count; i++)
        {
            var width = vectors / count + (i < vectors % count ? 1 : 0);
            All[i] = new Panel(first * Lane, width, (long)rows * first * Lane);
            first += width;
        }
    }

    /// <summary>Rows of the matrix.</summary>
    public int Rows { get; }

    /// <summary>Columns of the matrix, without padding.</summary>
    public int Columns { get; }

    /// <summary>Columns with padding.</summary>
    public int Stride { get; }

    /// <summary>Floats in memory: rows × padded columns.</summary>
    public long Length => (long)Rows * Stride;

    /// <summary>The panels from left to right.</summary>
    public Panel[] All { get; }

    /// <summary>The next multiple of sixteen.</summary>
    public static int RoundUp(int count) => (count + Lane - 1) / Lane * Lane;

    /// <summary>Copies a row-major matrix into panels; the padding becomes 0.</summary>
    public void Pack(ReadOnlySpan<float> matrix, Span<float> packed)
    {
        packed.Clear();
        foreach (var panel in All)
            for (var row = 0; row < Rows; row++)
                matrix.Slice(row * Columns + panel.FirstColumn, Used(panel)).CopyTo(packed[panel.At(row)..]);
    }

    /// <summary>Copies panels into a row-major matrix without padding.</summary>
    public void Unpack(ReadOnlySpan<float> packed, Span<float> matrix)
    {
        foreach (var panel in All)
            for (var row = 0; row < Rows; row++)
                packed.Slice(panel.At(row), Used(panel)).CopyTo(matrix[(row * Columns + panel.FirstColumn)..]);
    }

    private int Used(Panel panel) => Math.Min(panel.Width, Columns - panel.FirstColumn);
}

/// <summary>One panel of a matrix.</summary>
/// <param name="FirstColumn">The column of the matrix where it starts.</param>
/// <param name="Vectors">Its width in groups of sixteen columns, 1 … 4.</param>
/// <param name="Offset">The index of its first float in memory.</param>
public readonly record struct Panel(int FirstColumn, int Vectors, long Offset)
{
    /// <summary>Columns, with padding; also the distance between its rows.</summary>
    public int Width => Vectors * Panels.Lane;

    /// <summary>The index of the first float of a row in memory.</summary>
    public int At(int row) => checked((int)(Offset + (long)row * Width));
}
