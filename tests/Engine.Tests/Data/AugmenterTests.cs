using Engine.Data;
using Engine.Numerics;
using Engine.Tests.Support;
using Engine.Training;

namespace Engine.Tests.Data;

public sealed class AugmenterTests
{
    private static readonly ImageShape Shape = new(4, 5, 2);

    [Fact]
    public void Every_image_is_a_shifted_or_mirrored_copy_with_black_moving_in()
    {
        var offsets = Enumerable.Range(0, Shape.Size).Select(i => -1f - i).ToArray();
        using var buffer = new RowsBuffer(200, Shape.Size);
        var original = Images.Random(Shape.Size, 1);
        var batch = Images.Fill(buffer, [.. Enumerable.Repeat(original, 200).SelectMany(x => x)]);
        var augmenter = new Augmenter(2, flip: true, Shape, new Scaling([.. Enumerable.Repeat(1f, Shape.Size)], offsets));
        var images = Images.Read(augmenter.Apply(batch, [.. Enumerable.Range(0, 200)], 7, 3, Worker.Alone)).Chunk(Shape.Size).ToList();

        var possible = new List<float[]>();
        foreach (var mirror in new[] { false, true })
            for (var down = -2; down <= 2; down++)
                for (var right = -2; right <= 2; right++)
                    possible.Add(Moved(original, offsets, down, right, mirror));
        Assert.All(images, image => Assert.Contains(possible, p => p.SequenceEqual(image)));
        Assert.InRange(images.Select(i => string.Join(' ', i)).Distinct().Count(), 40, 50);
    }

    [Fact]
    public void An_example_is_changed_alike_wherever_it_stands_and_otherwise_in_every_epoch()
    {
        var augmenter = new Augmenter(2, flip: true, Shape, new Scaling([.. Enumerable.Repeat(1f, Shape.Size)], new float[Shape.Size]));
        float[] Of(int epoch, params int[] indices)
        {
            using var buffer = new RowsBuffer(20, Shape.Size);
            return Images.Read(augmenter.Apply(Images.Fill(buffer, [.. indices.SelectMany(i => Images.Random(Shape.Size, (ulong)i))]), indices, 1, epoch, Worker.Alone));
        }

        Assert.Equal(Of(1, 4, 5, 6)[Shape.Size..(2 * Shape.Size)], Of(1, 5));
        Assert.NotEqual(Of(1, 1, 2, 3, 4), Of(2, 1, 2, 3, 4));
    }

    [Fact]
    public void Training_with_augmentation_goes_on_from_a_checkpoint_bit_for_bit()
    {
        var data = Engine.Data.Glyphs.Draw(200, 20);
        var options = new TrainingOptions { HiddenSizes = [16], AugmentShift = 2, AugmentFlip = true };
        using var straight = new Trainer(data, options, 1);
        straight.TrainEpoch(default);
        using var saved = new MemoryStream();
        straight.Save(saved);
        straight.TrainEpoch(default);

        using var resumed = new Trainer(data, options, 1);
        saved.Position = 0;
        resumed.Load(saved);
        resumed.TrainEpoch(default);
        Assert.Equal(Flat(straight), Flat(resumed));

        using var plain = new Trainer(data, options with { AugmentShift = 0, AugmentFlip = false }, 1);
        saved.Position = 0;
        Assert.Throws<InvalidDataException>(() => plain.Load(saved));
    }

    private static Dataset Table { get; } = new("table", 1, 3, 1, ["a", "b"], new Samples(new float[30], new byte[10], 3), new Samples(new float[3], new byte[1], 3));

    [Theory]
    [InlineData(1, false)]
    [InlineData(0, true)]
    public void Columns_of_a_table_are_neither_moved_nor_mirrored(int shift, bool flip) =>
        Assert.Contains(
            "Only images", Assert.Throws<EngineException>(() => new Trainer(Table, new TrainingOptions { AugmentShift = shift, AugmentFlip = flip }, 1)).Message,
            StringComparison.Ordinal);

    [Theory]
    [InlineData(28)]
    [InlineData(1 << 30)]
    [InlineData(int.MaxValue)]
    public void A_move_as_far_as_the_image_is_wide_is_refused(int shift) =>
        Assert.Contains(
            "at most 27", Assert.Throws<EngineException>(() => new Trainer(Glyphs.Draw(100, 10), new TrainingOptions { AugmentShift = shift }, 1)).Message,
            StringComparison.Ordinal);

    private static float[] Flat(Trainer trainer) => [.. trainer.Model.Network.ExportWeights().SelectMany(w => w.Values)];

    private static float[] Moved(float[] image, float[] black, int down, int right, bool mirror)
    {
        var moved = (float[])black.Clone();
        for (var i = 0; i < moved.Length; i++)
        {
            int y = i / 2 / Shape.Width - down, x = i / 2 % Shape.Width;
            x = (mirror ? Shape.Width - 1 - x : x) - right;
            if (y >= 0 && y < Shape.Height && x >= 0 && x < Shape.Width)
                moved[i] = image[(y * Shape.Width + x) * 2 + i % 2];
        }
        return moved;
    }
}
