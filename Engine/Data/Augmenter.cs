using Engine.Numerics;

namespace Engine.Data;

/// <summary>
/// Moves the images of a training batch by up to a number of pixels in both directions, and mirrors every second one if wanted. What
/// happens to an example depends on the seed, the epoch and the example alone; what moves in is black. Allocates nothing per batch.
/// </summary>
internal sealed unsafe class Augmenter
{
    private readonly int shift;
    private readonly bool flip;
    private readonly ImageShape shape;
    private readonly float[] black, image;

    /// <param name="shift">The largest move, in pixels.</param>
    /// <param name="flip">Whether images are mirrored left to right with probability ½.</param>
    /// <param name="shape">The shape of one example.</param>
    /// <param name="scaling">Says what black, a raw 0, is after scaling.</param>
    public Augmenter(int shift, bool flip, ImageShape shape, Scaling scaling)
    {
        this.shift = shift;
        this.flip = flip;
        this.shape = shape;
        black = scaling.Offset;
        image = new float[shape.Size];
    }

    /// <summary>Changes the rows in place, row i being the example <paramref name="indices"/>[i].</summary>
    public Rows Apply(Rows batch, ReadOnlySpan<int> indices, ulong seed, int epoch)
    {
        for (var i = 0; i < indices.Length; i++)
        {
            var random = RandomStream.For(seed, RandomPurpose.Augmentation, ((ulong)(uint)epoch << 32) | (uint)indices[i]);
            int down = random.NextInteger(2 * shift + 1) - shift, right = random.NextInteger(2 * shift + 1) - shift;
            Move(new Span<float>(batch[i], shape.Size), down, right, flip && random.NextInteger(2) == 1);
        }
        // Without the masks of zeros, which were of the images as they were.
        return new Rows(batch.Data, batch.Count, batch.Width, batch.Stride);
    }

    private void Move(Span<float> row, int down, int right, bool mirror)
    {
        row.CopyTo(image);
        var channels = shape.Channels;
        for (var y = 0; y < shape.Height; y++)
        {
            for (var x = 0; x < shape.Width; x++)
            {
                int fromY = y - down, fromX = (mirror ? shape.Width - 1 - x : x) - right;
                var inside = (uint)fromY < (uint)shape.Height && (uint)fromX < (uint)shape.Width;
                var at = (y * shape.Width + x) * channels;
                var source = inside ? image.AsSpan((fromY * shape.Width + fromX) * channels, channels) : black.AsSpan(at, channels);
                source.CopyTo(row.Slice(at, channels));
            }
        }
    }
}
