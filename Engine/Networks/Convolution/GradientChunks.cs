using Engine.Numerics;

namespace Engine.Networks;

/// <summary>
/// The parts of a convolution's weights that at least one pixel uses; the gradients of the others are always 0. On a 1 × 1 image, for
/// example, only one tap of a padded 3 × 3 kernel reads data.
/// </summary>
internal sealed unsafe class GradientChunks
{
    private const int MaxPieceLength = 48 * 64;
    private readonly Panels layout;
    private readonly List<(int Start, int Count)> used = [];

    /// <summary>Finds the rows of the weights that the given pixels use.</summary>
    public GradientChunks(Panels layout, SegmentTable table, int[] pixels)
    {
        this.layout = layout;
        var rows = new bool[layout.Rows + 1];
        foreach (var pixel in pixels)
            foreach (var segment in table[pixel])
                rows.AsSpan(segment.WeightRow, segment.Depth).Fill(true);
        foreach (var panel in layout.All)
            for (int row = 0, first = 0; row < layout.Rows; row++)
            {
                if (rows[row] && (row == 0 || !rows[row - 1]))
                    first = row;
                if (rows[row] && !rows[row + 1])
                    used.Add((panel.At(first), (row + 1 - first) * panel.Width));
            }
    }

    /// <summary>Sets the sums of used weights to 0; the others are never written.</summary>
    public void Clear(float* sums)
    {
        foreach (var (start, count) in used)
            new Span<float>(sums + start, count).Clear();
    }

    /// <summary>The largest number of pieces that <see cref="Send"/> passes to a sink.</summary>
    public int Pieces => Math.Max(PiecesOf((int)layout.Length), used.Sum(part => PiecesOf(part.Count)));

    /// <summary>
    /// Passes the worker's share of the sums, in the layout of the parameter, to the sink in pieces that fit the first-level cache.
    /// </summary>
    public void Send(Parameter parameter, float* sums, GradientSink sink, Worker worker)
    {
        if (sink.NeedsZeros)
        {
            Send(parameter, sums, 0, (int)layout.Length, 0, sink, worker);
            return;
        }
        var piece = 0;
        foreach (var (start, count) in used)
            piece = Send(parameter, sums, start, count, piece, sink, worker);
    }

    private static int Send(Parameter parameter, float* sums, int start, int count, int piece, GradientSink sink, Worker worker)
    {
        for (var at = 0; at < count; at += MaxPieceLength, piece++)
            if (worker.Owns(start + at, Math.Min(MaxPieceLength, count - at), parameter.Layout.Length))
                sink.Accept(parameter, piece, start + at, sums + start + at, Math.Min(MaxPieceLength, count - at));
        return piece;
    }

    private static int PiecesOf(int count) => (count + MaxPieceLength - 1) / MaxPieceLength;
}
