using Engine.Tests.Support;
using Engine.Training;

namespace Engine.Tests.Training;

public sealed class CheckpointTests
{
    private static readonly TrainingOptions Options = new() { HiddenSizes = [20], BatchSize = 50 };

    [Fact]
    public void A_truncated_checkpoint_is_refused_at_every_length()
    {
        var saved = Save(Options);
        for (var length = 0; length < saved.Length; length += 97)
        {
            using var trainer = new Trainer(Blobs.Make(), Options, 1);
            var error = Assert.Throws<InvalidDataException>(() => trainer.Load(new MemoryStream(saved, 0, length)));
            Assert.Contains("truncated", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_checkpoint_of_another_model_is_refused_with_both_descriptions()
    {
        using var trainer = new Trainer(Blobs.Make(), Options with { HiddenSizes = [21] }, 1);

        var error = Assert.Throws<InvalidDataException>(() => trainer.Load(new MemoryStream(Save(Options))));

        Assert.Contains("dense1.weight(49x20)", error.Message, StringComparison.Ordinal);
        Assert.Contains("dense1.weight(49x21)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Something_else_is_refused()
    {
        using var trainer = new Trainer(Blobs.Make(), Options, 1);

        var error = Assert.Throws<InvalidDataException>(() => trainer.Load(new MemoryStream("PNG of a cat, surely long enough"u8.ToArray())));

        Assert.Contains("not a checkpoint", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_version_is_refused_by_number()
    {
        var saved = Save(Options);
        saved[4] = 99;
        using var trainer = new Trainer(Blobs.Make(), Options, 1);

        var error = Assert.Throws<InvalidDataException>(() => trainer.Load(new MemoryStream(saved)));

        Assert.Contains("format version 99", error.Message, StringComparison.Ordinal);
    }

    private static byte[] Save(TrainingOptions options)
    {
        using var trainer = new Trainer(Blobs.Make(), options, 1);
        trainer.TrainEpoch(default);
        var saved = new MemoryStream();
        trainer.Save(saved);
        return saved.ToArray();
    }
}
