using Engine.Numerics;

namespace Engine.Data;

/// <summary>
/// Augments the images of a training batch: shifts each by a random number of pixels in both directions and, if enabled, mirrors it with
/// probability ½. The change depends only on the seed, the epoch and the example. Uncovered pixels become black. Allocates nothing per
/// batch.
/// </summary>
internal sealed unsafe class Augmenter
{
    private readonly int shift;
    private readonly bool flip;
    private readonly ImageShape shape;
    private readonly float[] black;

    /// <param name="shift">The largest shift, in pixels.</param>
    /// <param name="flip">Whether images are mirrored left to right with probability ½.</param>
    /// <param name="shape">The shape of one example.</param>
    /// <param name="scaling">The scaling of the features; its offset is the value of a black pixel, a raw 0.</param>
    /// <exception cref="EngineException">The examples are not images, or a shift could move all of an image out of view.</exception>
    public Augmenter(int shift, bool flip, ImageShape shape, Scaling scaling)
    {
        if (shape.Height < 2 || shape.Width < 2)
            throw new EngineException($"Only images can be moved or mirrored, but an example is {shape.Height} × {shape.Width}. Leave out augment_shift and augment_flip.");
        if (shift >= Math.Min(shape.Height, shape.Width))
            throw new EngineException(
                $"Images of {shape.Height} × {shape.Width} pixels cannot be moved by up to {shift}: nothing would be left of them. "
                + $"augment_shift is at most {Math.Min(shape.Height, shape.Width) - 1}.");
        this.shift = shift;
        this.flip = flip;
        this.shape = shape;
        black = scaling.Offset;
    }

    /// <summary>Changes the worker's share of the rows in place. Row i is the example <paramref name="indices"/>[i].</summary>
    public Rows Apply(Rows batch, ReadOnlySpan<int> indices, ulong seed, int epoch, Worker worker)
    {
        var (first, count) = worker.Examples(batch.Count);
        for (var i = first; i < first + count; i++)
        {
            var random = RandomStream.For(seed, RandomPurpose.Augmentation, ((ulong)(uint)epoch << 32) | (uint)indices[i]);
            int down = random.NextInteger(2 * shift + 1) - shift, right = random.NextInteger(2 * shift + 1) - shift;
            Move(new Span<float>(batch[i], shape.Size), down, right, flip && random.NextInteger(2) == 1);
        }
        // The returned rows carry no zero masks: the masks describe the images before the change, and the first layer would skip pixels
        // that are no longer zero.
        return new Rows(batch.Data, batch.Count, batch.Width, batch.Stride);
    }

    private void Move(Span<float> row, int down, int right, bool mirror)
    {
        int channels = shape.Channels, line = shape.Width * channels;
        var image = new Span<float>(ThreadMemory.Floats(shape.Size), shape.Size);
        row.CopyTo(image);
        if (mirror)
        {
            Mirror(image);
            right = -right;
        }
        int kept = Math.Max(0, shape.Width - Math.Abs(right)) * channels, from = Math.Max(0, -right) * channels, to = Math.Max(0, right) * channels;
        for (var y = 0; y < shape.Height; y++)
        {
            var target = row.Slice(y * line, line);
            if ((uint)(y - down) >= (uint)shape.Height || kept == 0)
            {
                black.AsSpan(y * line, line).CopyTo(target);
                continue;
            }
            image.Slice((y - down) * line + from, kept).CopyTo(target[to..]);
            black.AsSpan(y * line, to).CopyTo(target);
            black.AsSpan(y * line + to + kept, line - to - kept).CopyTo(target[(to + kept)..]);
        }
    }

    private void Mirror(Span<float> image)
    {
        int channels = shape.Channels, line = shape.Width * channels;
        for (var start = 0; start < image.Length; start += line)
        {
            var pixels = image.Slice(start, line);
            // Reversing all values also reverses the channels of each pixel.
            pixels.Reverse();
            for (var x = 0; channels > 1 && x < line; x += channels)
                pixels.Slice(x, channels).Reverse();
        }
    }
}
