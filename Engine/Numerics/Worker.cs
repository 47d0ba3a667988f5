namespace Engine.Numerics;

/// <summary>
/// One of the threads that compute a batch together. Defines the thread's share of each matrix: panels of columns from left to right, or
/// examples. Shares start and end at multiples of four rows, which register tiles fill exactly, so that no thread writes into the share of
/// another.
/// </summary>
public sealed class Worker
{
    private const int Granule = 4;
    private readonly Team? team;

    internal Worker(int index, int count, Team? team)
    {
        (Index, Count, this.team) = (index, count, team);
        Ahead = team is null ? null : new RowFetch();
    }

    /// <summary>A single thread that computes everything.</summary>
    public static Worker Alone { get; } = new(0, 1, null);

    /// <summary>The index among the workers; 0 is the thread that trains.</summary>
    public int Index { get; }

    /// <summary>The number of workers of the batch.</summary>
    public int Count { get; internal set; }

    /// <summary>The examples to prefetch while gradients are computed; null for none.</summary>
    internal RowFetch? Ahead { get; }

    /// <summary>
    /// A barrier: returns when all workers of the batch have called it. Values that they wrote before can be read afterwards. Throws
    /// <see cref="InvalidOperationException"/> when another worker has failed and would never arrive.
    /// </summary>
    public void Wait()
    {
        if (Count > 1)
            team!.SignalAndWait(Count);
    }

    /// <summary>The worker's share of the examples of a batch.</summary>
    public (int First, int Count) Examples(int count) => Part(Index, Count, count);

    /// <summary>One of <paramref name="parts"/> parts of the examples of a batch: the share of a worker, if there were as many workers.</summary>
    public static (int First, int Count) Part(int part, int parts, int examples)
    {
        var first = Boundary(part, parts, examples, 0, 1, 1);
        return (first, Boundary(part + 1, parts, examples, 0, 1, 1) - first);
    }

    /// <summary>The worker's share of the rows of one panel: all or none, unless a boundary between two shares lies in the panel.</summary>
    public (int First, int Count) Rows(Panels layout, Panel panel, int rows)
    {
        if (Count == 1)
            return (0, rows);
        int left = panel.FirstColumn / Panels.Lane, all = layout.Stride / Panels.Lane;
        var first = Boundary(Index, Count, rows, left, panel.Vectors, all);
        return (first, Boundary(Index + 1, Count, rows, left, panel.Vectors, all) - first);
    }

    /// <summary>
    /// Whether the worker computes a piece of an array that starts at <paramref name="start"/>. Pieces are assigned in order, by their
    /// middle.
    /// </summary>
    public bool Owns(long start, long count, long length) => Count == 1 || (2 * start + count) * Count / (2 * length) == Index;

    /// <summary>The number of parts in which <see cref="Part"/> returns the worker's share.</summary>
    public int Parts(in Rows rows) => Count == 1 || rows.Columns is null ? 1 : rows.Columns.All.Length;

    /// <summary>One part of the worker's share of a batch; it may have no rows.</summary>
    public unsafe Rows Part(in Rows rows, int part)
    {
        if (Count == 1)
            return rows;
        if (rows.Columns is not { } columns)
            return Mine(rows);
        var panel = columns.All[part];
        var (first, count) = Rows(columns, panel, rows.Count);
        return new Rows(rows[first] + panel.FirstColumn, count, panel.Width, rows.Stride);
    }

    /// <summary>The rows of the worker's examples.</summary>
    public Rows Mine(in Rows rows)
    {
        if (Count == 1)
            return rows;
        var (first, count) = Examples(rows.Count);
        return rows.Slice(first, count);
    }

    /// <summary>The row of a panel at which the share of a worker starts. Panels are assigned to workers in order.</summary>
    private static int Boundary(int worker, int workers, int rows, int left, int vectors, int all)
    {
        var inPanel = ((long)all * rows * worker / workers - (long)left * rows) / vectors;
        return inPanel >= rows ? rows : (int)Math.Clamp((inPanel + Granule / 2) / Granule * Granule, 0, rows);
    }
}
