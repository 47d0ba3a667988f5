using System.Text.Json;
using Engine.Data;
using Engine.Networks;
using Engine.Numerics;
using Engine.Tests.Support;
using Engine.Training;

namespace Engine.Tests.Networks;

/// <summary>Ten steps of a small network against those of PyTorch 1.13, recorded by Recorded/record.py.</summary>
public sealed class RecordedTrajectoryTests
{
    private const int Inputs = 6, Hidden = 5, Classes = 3, Rows = 8, Steps = 10;

    public static TheoryData<string, string, double, double> Cases => new()
    {
        { "sgd", "sgd", 0.1, 0 }, { "sgd decay", "sgd", 0.1, 0.01 }, { "momentum", "momentum", 0.1, 0 }, { "nesterov", "nesterov", 0.1, 0 },
        { "rmsprop", "rmsprop", 0.01, 0 }, { "adam", "adam", 0.01, 0 }, { "adam decay", "adam", 0.01, 0.01 }, { "nadam", "nadam", 0.01, 0 },
        { "adamw", "adamw", 0.01, 0.1 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Training_follows_PyTorch(string recorded, string optimizer, double rate, double decay)
    {
        using var file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "Recorded", "torch-1.13.json"));
        using var json = JsonDocument.Parse(file);
        var expected = json.RootElement.GetProperty(recorded);

        var (losses, weights) = Train(optimizer, rate, decay);

        Matrices.AssertClose(Numbers(expected, "losses"), losses, 2e-6);
        foreach (var (name, values) in weights)
            Matrices.AssertClose(Numbers(expected, name), values, 2e-5);
    }

    private static (float[] Losses, (string, float[])[] Weights) Train(string name, double rate, double decay)
    {
        var options = new TrainingOptions { HiddenSizes = [Hidden], Activations = ["tanh"] };
        using var network = Network.Build(options, ImageShape.Vector(Inputs), Classes, 1, Rows);
        network.ImportWeights(
        [
            ("dense1.weight", [Inputs, Hidden], Wave(Inputs, Hidden, 0.3, 0.5)), ("dense1.bias", [Hidden], new float[Hidden]),
            ("output.weight", [Hidden, Classes], Wave(Hidden, Classes, 0.7, 0.5)), ("output.bias", [Classes], new float[Classes]),
        ]);
        using RowsBuffer input = new(Rows, Inputs), gradient = new(Rows, Classes);
        using var loss = Losses.Create("cross_entropy", new LossOptions(new OutputSpec(LearningTask.Classification, [.. Enumerable.Range(0, Classes).Select(c => $"{c}")]), Rows));
        var values = Optimizers.Catalog.Resolve(name, new Dictionary<string, double> { ["learning_rate"] = rate });
        using var sink = new StepSink(Optimizers.Catalog.Find(name)(values), network.Parameters, decay);
        byte[] labels = [.. Enumerable.Range(0, Rows).Select(i => (byte)(i % Classes))];
        var x = Matrices.Fill(input, Wave(Rows, Inputs, 0.1, 1));
        var losses = new float[Steps];
        for (var step = 0; step < Steps; step++)
        {
            var dz = gradient.Take(Rows);
            losses[step] = (float)(loss.Evaluate(network.Forward(x, new Pass(true, 1, 1)), new BatchTargets(labels, default), dz, 1f / Rows).Loss / Rows);
            sink.Begin(new StepInfo(step + 1, rate, losses[step]));
            network.Backward(dz, sink, Worker.Alone);
        }
        string[] names = ["weight1", "bias1", "weight2", "bias2"];
        return (losses, [.. names.Zip(network.ExportWeights(), (n, w) => (n, w.Values))]);
    }

    private static float[] Wave(int rows, int columns, double phase, double scale) =>
        [.. Enumerable.Range(0, rows * columns).Select(i => (float)(scale * Math.Sin(1.7 * i + phase)))];

    private static double[] Numbers(JsonElement element, string name) => [.. element.GetProperty(name).EnumerateArray().Select(x => x.GetDouble())];
}
