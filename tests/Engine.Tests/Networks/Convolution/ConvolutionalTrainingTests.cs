using Engine.Data;
using Engine.Networks;
using Engine.Numerics;
using Engine.Tests.Support;
using Engine.Training;

namespace Engine.Tests.Networks;

public sealed class ConvolutionalTrainingTests
{
    private static readonly Dataset Data = Glyphs.Draw(160, 100);

    private static readonly TrainingOptions Options = new()
    {
        Convolutions =
        [
            new() { Filters = 8, Kernel = 3, Pooling = "max" },
            new() { Filters = 12, Kernel = 3, Stride = 2, Activation = "tanh", Pooling = "average" },
            new() { Filters = 20, Kernel = 3, Padding = 0, Activation = "gelu", Pooling = "global_average" },
        ],
        HiddenSizes = [24],
        Dropout = 0.1,
        Initializer = "he",
        BatchSize = 32,
    };

    [Fact]
    public void A_network_learns_the_glyphs()
    {
        using var trainer = new Trainer(Glyphs.Draw(1200, 200), Options with
        {
            Convolutions = [new() { Filters = 16, Kernel = 5, Stride = 2, Pooling = "max" }, new() { Filters = 32, Pooling = "max" }],
            HiddenSizes = [64],
        }, seed: 1);
        for (var epoch = 0; epoch < 8; epoch++)
            trainer.TrainEpoch(default);
        Assert.InRange(trainer.EvaluateTest()!.Accuracy!.Value, 0.85, 1);
    }

    [Fact]
    public void A_save_and_load_after_an_epoch_and_any_vector_width_give_the_same_bits()
    {
        var straight = Train(t => { t.TrainEpoch(default); t.TrainEpoch(default); });
        var saved = new MemoryStream();
        Train(t => { t.TrainEpoch(default); t.EvaluateTest(); t.Save(saved); });
        saved.Position = 0;
        Assert.Equal(straight, Train(t => { t.Load(saved); t.TrainEpoch(default); }));

        using var scope = SimdPath.UseOnThisThread(SimdWidth.Portable);
        Assert.Equal(straight, Train(t => { t.TrainEpoch(default); t.TrainEpoch(default); }));
    }

    [Fact]
    public void A_checkpoint_of_other_convolutions_is_refused()
    {
        var saved = new MemoryStream();
        Train(t => t.Save(saved));
        saved.Position = 0;
        using var other = new Trainer(Data, Options with { Convolutions = [Options.Convolutions[0] with { Pooling = "average" }, .. Options.Convolutions.Skip(1)] }, seed: 1);
        Assert.Throws<InvalidDataException>(() => other.Load(saved));
    }

    [Fact]
    public void Nothing_is_allocated_per_batch()
    {
        long Allocated(int examples)
        {
            using var trainer = new Trainer(Glyphs.Draw(examples, 10), Options, seed: 1);
            return Allocations.PerEpoch(trainer);
        }

        Assert.Equal(Allocated(100), Allocated(500));
    }

    [Theory]
    [InlineData(0, 3, -1, 1, "filters")]
    [InlineData(4, 3, 3, 1, "Padding is 3")]
    [InlineData(4, 3, 1, 0, "stride")]
    public void Convolutions_that_make_no_sense_are_refused(int filters, int kernel, int padding, int stride, string word)
    {
        var options = Options with { Convolutions = [new() { Filters = filters, Kernel = kernel, Padding = padding, Stride = stride }] };
        Assert.Contains(word, Assert.Throws<EngineException>(options.Validate).Message, StringComparison.Ordinal);
    }

    private static float[] Train(Action<Trainer> use)
    {
        using var trainer = new Trainer(Data, Options, seed: 1);
        use(trainer);
        return [.. trainer.Model.Network.ExportWeights().SelectMany(w => w.Values)];
    }
}
