using Engine.Networks;
using Engine.Numerics;
using Engine.Tests.Support;
using Engine.Training;

namespace Engine.Tests.Networks;

/// <summary>Numbers below 1.2e-38 become 0, on processors with and without flushing of denormals.</summary>
public sealed unsafe class DenormalTests
{
    public static TheoryData<string> Names => new(Optimizers.Catalog.Names);

    [Theory]
    [MemberData(nameof(Names))]
    public void Moments_without_gradient_decay_to_the_same_zeros(string optimizer)
    {
        var byHand = Decayed(optimizer);
        using var flush = DenormalFlush.OnThisThread();
        var byProcessor = Decayed(optimizer);

        Weights.AssertSameBits(byProcessor, byHand);
        Assert.DoesNotContain(byHand, float.IsSubnormal);
    }

    [Theory]
    [InlineData("rmsprop", "beta", 0.5)]
    [InlineData("momentum", "momentum", 0.5)]
    [InlineData("adam", "beta2", 0.5)]
    public void Training_gives_the_same_weights_where_the_processor_does_not_flush(string optimizer, string option, double decay)
    {
        // Large steps make units inactive. Their moments then halve at every step and are denormal after a hundred steps.
        var options = new TrainingOptions
        {
            HiddenSizes = [30, 20], Activations = ["relu"], BatchSize = 4, Optimizer = optimizer, LossLimit = 1e9,
            OptimizerOptions = new Dictionary<string, double> { [option] = decay, ["learning_rate"] = 0.05 },
        };
        var flushed = Train(options, out var zeros);
        DenormalFlush.IsForbiddenOnThisThread = true;
        try
        {
            Weights.AssertSameBits(flushed, Train(options, out var others));
            Assert.Equal(zeros, others);
            Assert.True(zeros > 100, $"Only {zeros} moments decayed to 0.");
        }
        finally
        {
            DenormalFlush.IsForbiddenOnThisThread = false;
        }
    }

    private static float[] Train(TrainingOptions options, out int zeroMoments)
    {
        using var trainer = new Trainer(Blobs.Make(), options, 1);
        for (var epoch = 0; epoch < 3; epoch++)
            trainer.TrainEpoch(default);
        var moments = trainer.StepSink.Moments.Last(m => m.Length == trainer.Model.Network.Parameters[2].Layout.Length);
        zeroMoments = moments.Span.ToArray().Count(m => m == 0);
        return Weights.Of(trainer);
    }

    private static float[] Decayed(string name)
    {
        using var weight = new Parameter("w", [1, 16], isBias: false);
        weight.Values.Span.Fill(0.1f);
        var optimizer = Optimizers.Catalog.Find(name)(Optimizers.Catalog.Resolve(name, new Dictionary<string, double>()));
        using var step = new StepSink(optimizer, [weight], weightDecay: 0);
        var gradient = stackalloc float[16];
        for (var number = 1; number <= 3000; number++)
        {
            for (var i = 0; i < 16; i++)
                gradient[i] = number > 1 ? 0 : (i - 8) * 1e-17f;
            step.Begin(new StepInfo(number, 1e-3, 1));
            step.Accept(weight, 0, 0, gradient, 16);
        }
        return [.. weight.Values.Span, .. step.Moments.SelectMany(m => m.Span.ToArray())];
    }
}
