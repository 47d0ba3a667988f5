using Engine.Numerics;

namespace Engine.Networks;

/// <summary>
/// The sums of a convolution's gradients over the images and pixels of a batch. With few weights and many pixels, every worker sums the
/// images whose activations it has computed, because reading those of another core would take longer than the sums: the batch is divided
/// into parts, which are the same for every number of workers and are added in order. With many weights or few images there is one part,
/// and workers share the weights.
/// </summary>
/// <remarks>
/// Leaves out weights that no pixel uses, whose gradients are always 0. On a 1 × 1 image, for example, only one tap of a padded 3 × 3
/// kernel reads data.
/// </remarks>
internal sealed unsafe class GradientSums : IDisposable
{
    /// <summary>
    /// Parts of fewer images spend too much time between the images of one pixel and the next. More weights would take longer to add than
    /// the activations of another core to read.
    /// </summary>
    private const int MinImages = 16, MaxWeights = 24 * 1024;

    private const int MaxParts = 8, MaxPieceLength = 48 * 64;
    private readonly Parameter weight, bias;
    private readonly NativeBuffer weights, biases;
    private readonly List<(int Start, int Count)> used = [], all;
    private readonly int maxParts;

    /// <summary>Finds the rows of the weights that the given pixels use.</summary>
    public GradientSums(Parameter weight, Parameter bias, SegmentTable table, int[] pixels)
    {
        (this.weight, this.bias) = (weight, bias);
        var layout = weight.Layout;
        all = [(0, (int)layout.Length)];
        maxParts = layout.Length <= MaxWeights ? MaxParts : 1;
        weights = new NativeBuffer(maxParts * layout.Length);
        biases = new NativeBuffer((long)maxParts * bias.Layout.Stride);
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

    /// <summary>The number of parts of a batch.</summary>
    public int Parts(int images) => Math.Clamp(images / MinImages, 1, maxParts);

    /// <summary>The worker's parts of a batch, from the first to before the end.</summary>
    public (int First, int End) Parts(int images, Worker worker)
    {
        var (first, parts) = (0, Parts(images));
        while (first < parts && !worker.Owns(first, 1, parts))
            first++;
        var end = first;
        while (end < parts && worker.Owns(end, 1, parts))
            end++;
        return (first, end);
    }

    /// <summary>The images of a part.</summary>
    public (int First, int Count) Images(int part, int images) => Worker.Part(part, Parts(images), images);

    /// <summary>The sums of a part, in the layout of the weights.</summary>
    public float* Weights(int part) => weights.Pointer + part * weight.Layout.Length;

    /// <summary>The sums of a part, one per filter.</summary>
    public float* Biases(int part) => biases.Pointer + (long)part * bias.Layout.Stride;

    /// <summary>Sets the sums of the worker's parts to 0.</summary>
    public void Clear(int images, Worker worker)
    {
        for (var (part, end) = Parts(images, worker); part < end; part++)
        {
            foreach (var (start, count) in used)
                new Span<float>(Weights(part) + start, count).Clear();
            new Span<float>(Biases(part), bias.Layout.Stride).Clear();
        }
    }

    /// <summary>The largest number of pieces of the weights that <see cref="Send"/> passes to a sink.</summary>
    public int Pieces => Math.Max(PiecesOf((int)weight.Layout.Length), used.Sum(part => PiecesOf(part.Count)));

    /// <summary>Adds the parts and passes the worker's share to the sink, in pieces that fit the first-level cache.</summary>
    public void Send(int images, GradientSink sink, Worker worker)
    {
        if (worker.Index == 0)
        {
            Join(Biases(0), bias.Layout.Stride, bias.Layout.Stride, images);
            sink.Accept(bias, 0, 0, Biases(0), bias.Layout.Stride);
        }
        var piece = 0;
        foreach (var (start, count) in sink.NeedsZeros ? all : used)
            for (var at = start; at < start + count; at += MaxPieceLength, piece++)
            {
                var length = Math.Min(MaxPieceLength, start + count - at);
                if (!worker.Owns(at, length, weight.Layout.Length))
                    continue;
                Join(Weights(0) + at, length, weight.Layout.Length, images);
                sink.Accept(weight, piece, at, Weights(0) + at, length);
            }
    }

    private void Join(float* sums, int count, long distance, int images)
    {
        for (var part = 1; part < Parts(images); part++)
            SimdPath.Run(new Accumulate { To = sums, From = sums + part * distance, Count = count });
    }

    private static int PiecesOf(int count) => (count + MaxPieceLength - 1) / MaxPieceLength;

    /// <inheritdoc/>
    public void Dispose()
    {
        weights.Dispose();
        biases.Dispose();
    }
}
