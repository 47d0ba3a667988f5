using Engine.Numerics;

namespace Engine.Networks;

/// <summary>The weights in the layout for the input gradient: taps in reverse order, each (channels × filters) block transposed.</summary>
internal sealed unsafe class ReversedWeights : IDisposable
{
    private readonly Panels original;
    private readonly NativeBuffer memory;
    private readonly int channels, filters, taps;
    private readonly bool[] used;

    public ReversedWeights(Panels original, SegmentTable table, int taps)
    {
        this.original = original;
        this.taps = taps;
        channels = original.Rows / taps;
        filters = original.Columns;
        Layout = new Panels(taps * filters, channels);
        memory = new NativeBuffer(Layout.Length);
        used = new bool[taps];
        for (var pixel = 0; pixel < table.Pixels; pixel++)
            foreach (var segment in table[pixel])
                used.AsSpan(segment.WeightRow / filters, segment.Depth / filters).Fill(true);
    }

    /// <summary>(reversed tap, filter) × channel.</summary>
    public Panels Layout { get; }

    /// <summary>The reversed weights, valid after <see cref="Update"/>.</summary>
    public float* Pointer => memory.Pointer;

    /// <summary>Copies the worker's share of the taps that at least one pixel uses; the others stay 0.</summary>
    public void Update(float* weights, Worker worker)
    {
        for (var tap = 0; tap < taps; tap++)
        {
            if (!used[taps - 1 - tap] || !worker.Owns(tap, 1, taps))
                continue;
            foreach (var from in original.All)
            {
                var columns = Math.Min(from.Width, filters - from.FirstColumn);
                foreach (var to in Layout.All)
                {
                    var rows = Math.Min(to.Width, channels - to.FirstColumn);
                    Transpose.Copy(
                        weights + from.At(tap * channels + to.FirstColumn), from.Width,
                        memory.Pointer + to.At((taps - 1 - tap) * filters + from.FirstColumn), to.Width, rows, columns);
                }
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => memory.Dispose();
}
