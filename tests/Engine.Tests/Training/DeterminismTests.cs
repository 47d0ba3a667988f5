using Engine.Data;
using Engine.Networks;
using Engine.Numerics;
using Engine.Tests.Support;
using Engine.Training;

namespace Engine.Tests.Training;

/// <summary>Same options, data and seed: same weights, bit for bit.</summary>
public sealed class DeterminismTests
{
    private static readonly TrainingOptions Options = new()
    {
        HiddenSizes = [50, 20], Activations = ["tanh", "gelu"], Dropout = 0.1, Optimizer = "nadam", BatchSize = 32, WeightDecay = 1e-4,
        LabelSmoothing = 0.1, Schedule = "reduce_on_plateau", ScheduleOptions = new Dictionary<string, double> { ["patience"] = 0 }, Patience = 5,
    };

    public static TheoryData<string> Variants => new(["nadam", "eve", "clipped", "full batch", "zscore"]);

    [Fact]
    public void Twice_in_a_row() => Weights.AssertSameBits(Train(Options), Train(Options));

    [Fact]
    public void Another_seed_gives_other_weights() => Assert.NotEqual(Train(Options), Train(Options, seed: 6));

    [Theory]
    [MemberData(nameof(Variants))]
    public void Whatever_the_vector_width(string variant) => Widths.Same(() => Train(Variant(variant)));

    [Theory]
    [MemberData(nameof(Variants))]
    public void With_a_save_and_a_load_after_any_epoch(string variant)
    {
        var straight = Train(Variant(variant));
        for (var epoch = 0; epoch < 3; epoch++)
        {
            var saved = new MemoryStream();
            using (var first = New(Variant(variant)))
            {
                Run(first, epoch);
                first.Save(saved);
            }
            saved.Position = 0;
            using var second = New(Variant(variant));
            second.Load(saved);
            Assert.Equal(epoch, second.Epoch);

            Run(second, 3 - epoch);

            Weights.AssertSameBits(straight, Weights.Of(second));
        }
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void With_a_save_and_a_load_after_any_batch(string variant)
    {
        using var undisturbed = New(Variant(variant));
        var expected = undisturbed.TrainEpoch(default);
        for (var batches = 0; batches < undisturbed.Batches; batches += 4)
        {
            var saved = new MemoryStream();
            using (var first = New(Variant(variant)))
            {
                using var cancel = new CancelAfter(batches);
                Assert.Throws<OperationCanceledException>(() => first.TrainEpoch(cancel.Watch(first)));
                first.Save(saved);
            }
            saved.Position = 0;
            using var second = New(Variant(variant));
            second.Load(saved);

            var result = second.TrainEpoch(default);

            Weights.AssertSameBits(Weights.Of(undisturbed), Weights.Of(second));
            Assert.Equal(expected with { Seconds = 0, SamplesPerSecond = 0 }, result with { Seconds = 0, SamplesPerSecond = 0 });
        }
    }

    [Fact]
    public void Alone_or_with_others_side_by_side()
    {
        var alone = Train(Options);
        var together = new float[4][];
        var threads = Enumerable.Range(0, 4).Select(i => new Thread(() => together[i] = Train(Options))).ToArray();
        foreach (var thread in threads)
            thread.Start();
        foreach (var thread in threads)
            thread.Join();

        Assert.All(together, weights => Weights.AssertSameBits(alone, weights));
    }

    [Fact]
    public void The_environment_narrows_the_width_and_mistakes_are_refused()
    {
        Assert.Equal(SimdPath.Widest, SimdPath.Choose(null));
        Assert.Equal(SimdWidth.Portable, SimdPath.Choose("portable"));
        Assert.True(SimdPath.Choose("512") <= SimdPath.Widest);
        Assert.Contains("must be 512, 256 or portable", Assert.Throws<ArgumentException>(() => SimdPath.Choose("128")).Message, StringComparison.Ordinal);
    }

    private static TrainingOptions Variant(string name) => name switch
    {
        "eve" => Options with { Optimizer = "eve" },
        "clipped" => Options with { ClipNorm = 0.1, Optimizer = "momentum" },
        "full batch" => Options with { BatchSize = TrainingOptions.FullBatch },
        "zscore" => Options with { Scaling = "zscore", Optimizer = "adamw" },
        _ => Options,
    };

    private static Trainer New(TrainingOptions options, ulong seed = 5) => new(Blobs.Make(), options, seed);

    private static float[] Train(TrainingOptions options, ulong seed = 5)
    {
        using var trainer = New(options, seed);
        Run(trainer, 3);
        return Weights.Of(trainer);
    }

    private static void Run(Trainer trainer, int epochs)
    {
        for (var i = 0; i < epochs; i++)
            trainer.TrainEpoch(default);
    }
}
