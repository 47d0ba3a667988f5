using Engine.Data;
using Engine.Networks;
using Engine.Numerics;
using Engine.Tests.Support;
using Engine.Training;

namespace Engine.Tests.Training;

/// <summary>Several threads compute the batches of one run: the same weights and the same results, bit for bit.</summary>
public sealed class TeamTests
{
    private static readonly Dataset Data = Glyphs.Draw(240, 20);

    private static readonly TrainingOptions Dense = new()
    {
        HiddenSizes = [150, 40], Activations = ["tanh", "gelu"], Dropout = 0.1, Optimizer = "nadam", BatchSize = 40, ValidationShare = 0.2,
    };

    private static readonly TrainingOptions Images = Dense with
    {
        Convolutions =
        [
            new() { Filters = 16, Pooling = "max" },
            new() { Filters = 18, Stride = 2, Activation = "tanh", Pooling = "average" },
            new() { Filters = 72, Activation = "relu", Padding = 0 },
            new() { Filters = 8, Kernel = 2, Activation = "gelu", Pooling = "global_average" },
        ],
        HiddenSizes = [24],
        Activations = ["tanh"],
    };

    public static TheoryData<string, int> Variants => new()
    {
        { "dense", 2 }, { "dense", 3 }, { "dense", 8 }, { "wide", 2 }, { "wide", 8 }, { "clipped", 2 }, { "full batch", 2 }, { "decayed, z-score", 3 }, { "augmented", 2 },
        { "images", 2 }, { "images", 3 }, { "images", 8 }, { "large batches of images", 2 }, { "large batches of images", 8 }, { "decayed images", 3 }, { "images of three channels, not pooled", 3 },
    };

    [Theory]
    [MemberData(nameof(Variants))]
    public void Any_number_of_threads_gives_the_same_bits(string variant, int threads)
    {
        var (alone, result) = Train(variant, 1, comeAndGo: false);

        var (together, other) = Train(variant, threads, comeAndGo: false);

        Weights.AssertSameBits(alone, together);
        Assert.Equal(result, other);
    }

    [Theory]
    [InlineData("dense")]
    [InlineData("images")]
    public void Threads_that_come_and_go_in_the_middle_of_an_epoch_change_no_bit(string variant)
    {
        var (alone, result) = Train(variant, 1, comeAndGo: false);

        var (together, other) = Train(variant, 4, comeAndGo: true);

        Weights.AssertSameBits(alone, together);
        Assert.Equal(result, other);
    }

    [Fact]
    public void A_failure_of_one_thread_ends_the_batch_and_is_thrown_where_it_trains()
    {
        var team = new Team(2);
        var wanted = false;
        var helper = new Thread(() => team.Help(() => wanted));
        helper.Start();
        SpinWait.SpinUntil(() => team.Helpers == 1);

        var error = Assert.Throws<InvalidDataException>(() => team.Run(worker =>
        {
            if (worker.Index == 1)
                throw new InvalidDataException("the share of the second");
            worker.Wait();
        }));

        Assert.Equal("the share of the second", error.Message);
        var shares = 0;
        team.Run(worker =>
        {
            worker.Wait();
            Interlocked.Increment(ref shares);
        });
        Assert.Equal(2, shares);
        wanted = true;
        team.Recall();
        helper.Join();
        Assert.Equal(0, team.Helpers);
    }

    [Fact]
    public void A_closed_team_lets_its_helpers_go_and_takes_no_more()
    {
        var team = new Team(3);
        var helper = new Thread(() => team.Help(() => false));
        helper.Start();
        SpinWait.SpinUntil(() => team.Helpers == 1);
        Assert.True(team.HasRoom);

        team.Close();
        helper.Join();

        Assert.False(team.HasRoom);
        Assert.False(team.Help(() => false));
        Assert.False(new Team(1).HasRoom);
    }

    [Fact]
    public void A_batch_that_begins_while_a_helper_joins_counts_on_it_or_does_not()
    {
        var team = new Team(3);
        var ended = false;
        var helpers = Enumerable.Range(0, 2).Select(_ => new Thread(() =>
        {
            while (!Volatile.Read(ref ended))
                team.Help(() => true);
        })).ToList();
        helpers.ForEach(helper => helper.Start());
        var (batches, shares) = (0, 0);
        var training = new Thread(() =>
        {
            for (; batches < 200_000; batches++)
            {
                var present = 0;
                team.Run(worker =>
                {
                    worker.Wait();
                    Volatile.Write(ref present, worker.Count);
                    Interlocked.Increment(ref shares);
                });
                shares -= present;
            }
        }) { IsBackground = true };
        training.Start();

        var returned = training.Join(TimeSpan.FromMinutes(1));

        Volatile.Write(ref ended, true);
        Assert.True(returned, $"Batch {batches} waits for a helper that does not know of it.");
        helpers.ForEach(helper => helper.Join());
        Assert.Equal(0, shares);
        Assert.Equal(0, team.Helpers);
    }

    private static (float[] Weights, EpochResult Result) Train(string variant, int threads, bool comeAndGo)
    {
        var options = variant switch
        {
            "clipped" => Dense with { ClipNorm = 0.1, Optimizer = "momentum" },
            // The second and third layer have too many weights to be divided by examples.
            "wide" => Dense with { HiddenSizes = [24, 600, 300, 24], Activations = ["tanh", "gelu", "relu", "tanh"] },
            "full batch" => Dense with { BatchSize = TrainingOptions.FullBatch },
            "decayed, z-score" => Dense with { Scaling = "zscore", Optimizer = "adamw", WeightDecay = 1e-3 },
            "augmented" => Dense with { AugmentShift = 2, AugmentFlip = true },
            "images" => Images,
            "large batches of images" => Images with { BatchSize = 70 },
            "decayed images" => Images with { WeightDecay = 1e-3, Optimizer = "adam" },
            "images of three channels, not pooled" => Images with { Convolutions = [new() { Filters = 20 }, new() { Filters = 7, Kernel = 5 }] },
            _ => Dense,
        };
        var data = variant.Contains("three channels", StringComparison.Ordinal) ? Coloured() : Data;
        using var trainer = new Trainer(data, options, 5, threads: threads);
        trainer.Team.AlwaysUsesHelpers = true;
        using (new Helpers(trainer, threads - 1, comeAndGo))
        {
            trainer.TrainEpoch(default);
            var result = trainer.TrainEpoch(default);
            return (Weights.Of(trainer), result with { Seconds = 0, SamplesPerSecond = 0 });
        }
    }

    private static Dataset Coloured()
    {
        Samples Three(Samples grey) => new([.. grey.Bytes!.Take(100 * 192)], grey.Labels[..100], 192);
        return new Dataset("coloured", 8, 8, 3, Data.Output, Three(Data.Train), Three(Data.Train));
    }
}
