using System.IO.Compression;
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

    /// <summary>
    /// The caller starts the run again only for <see cref="InvalidDataException"/>; any other exception would fail it. Damage of an array
    /// gives other weights and is not detected here.
    /// </summary>
    [Fact]
    public void A_damaged_checkpoint_is_refused_or_loaded_whichever_byte_of_its_header_has_changed()
    {
        var saved = Save(Options);
        using var trainer = new Trainer(Blobs.Make(), Options, 1);
        var refused = 0;
        for (var at = 4; at < 800; at++)
        {
            var damaged = saved.ToArray();
            damaged[at] ^= 0xff;
            var error = Record.Exception(() => trainer.Load(new MemoryStream(damaged)));
            if (error is not null)
                Assert.IsType<InvalidDataException>(error);
            refused += error is null ? 0 : 1;
        }
        Assert.InRange(refused, 200, 796);
    }

    [Fact]
    public void A_checkpoint_in_a_batch_that_the_epoch_does_not_have_is_refused()
    {
        using var trainer = new Trainer(Blobs.Make(), Options, 1);
        using var saved = new MemoryStream();
        trainer.Save(saved);
        var bytes = saved.ToArray();
        // The progress (65 bytes) is followed by the state of early stopping (13 bytes), the weights with two moments each, and the magic
        // number: Adam and the constant schedule have no state of their own.
        var arrays = trainer.Model.Network.Parameters.Sum(parameter => parameter.Values.Length) * 3 * sizeof(float);
        var progress = bytes.Length - 4 - (int)arrays - 13 - 65;
        BitConverter.TryWriteBytes(bytes.AsSpan(progress + 4), 1_000_000);

        var error = Assert.Throws<InvalidDataException>(() => trainer.Load(new MemoryStream(bytes)));

        Assert.Contains("batch 1000000 of", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_checkpoint_of_another_model_is_refused_with_both_meanings()
    {
        using var trainer = new Trainer(Blobs.Make(), Options with { HiddenSizes = [21] }, 1);

        var error = Assert.Throws<InvalidDataException>(() => trainer.Load(new MemoryStream(Save(Options))));

        Assert.Contains("dense1.weight(49x20)", error.Message, StringComparison.Ordinal);
        Assert.Contains("dense1.weight(49x21)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_checkpoint_of_other_options_is_refused_with_the_option()
    {
        using var trainer = new Trainer(Blobs.Make(), Options with { Dropout = 0.25 }, 1);

        var error = Assert.Throws<InvalidDataException>(() => trainer.Load(new MemoryStream(Save(Options))));

        Assert.Equal("The checkpoint is of another model: its dropout is 0, expected 0.25.", error.Message);
    }

    [Fact]
    public void A_later_end_of_the_schedule_and_another_name_of_the_data_are_no_other_model()
    {
        using var trainer = new Trainer(Blobs.Make() with { Name = "moved" }, Cosine(9), 1);

        trainer.Load(new MemoryStream(Save(Cosine(3))));

        Assert.Equal(1, trainer.Epoch);
    }

    [Fact]
    public void A_checkpoint_of_version_1_goes_on_where_it_was()
    {
        using var recorded = new GZipStream(File.OpenRead(Path.Combine(AppContext.BaseDirectory, "Recorded", "checkpoint-v1.gz")), CompressionMode.Decompress);
        using var trainer = new Trainer(Blobs.Make(), Cosine(3) with { HiddenSizes = [2], Patience = 5 }, 1);

        trainer.Load(recorded);
        trainer.TrainEpoch(default);

        Assert.Equal(3, trainer.Epoch);
        Assert.Equal(1.432667351257447, trainer.EvaluateTest()!.Loss);
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

    private static TrainingOptions Cosine(int epochs) =>
        Options with { Schedule = "cosine", ScheduleOptions = new Dictionary<string, double> { ["epochs"] = epochs } };

    private static byte[] Save(TrainingOptions options)
    {
        using var trainer = new Trainer(Blobs.Make(), options, 1);
        trainer.TrainEpoch(default);
        var saved = new MemoryStream();
        trainer.Save(saved);
        return saved.ToArray();
    }
}
