using Engine.Data;
using Engine.Networks;
using Engine.Numerics;
using Engine.Tests.Support;
using Engine.Training;

namespace Engine.Tests.Networks;

/// <summary>The engine's gradients against central differences of a textbook network in double precision.</summary>
public sealed class GradientTests
{
    private const int Inputs = 5, Classes = 3, Rows = 7;
    private const double Step = 1e-6;

    public static TheoryData<string, string, double> Cases
    {
        get
        {
            var cases = new TheoryData<string, string, double>();
            foreach (var activation in Activations.Names)
                foreach (var loss in Losses.Names)
                    foreach (var smoothing in new[] { 0, 0.2 })
                        cases.Add(activation, loss, smoothing);
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_gradient_agrees_with_central_differences(string activation, string loss, double smoothing)
    {
        var options = new TrainingOptions
        {
            HiddenSizes = [18, 4], Activations = [activation], Initializer = "random_uniform", Loss = loss, LabelSmoothing = smoothing,
        };
        using var network = Network.Build(options, ImageShape.Vector(Inputs), Classes, seed: 3, capacity: Rows);
        byte[] labels = [0, 1, 2, 1, 0, 2, 2];
        var inputs = Matrices.Random(Rows * Inputs, 4);
        var reference = new ReferenceNetwork(activation, loss, smoothing);
        var layers = Layers(network);
        double[][] rows = [.. inputs.Chunk(Inputs).Select(r => r.Select(x => (double)x).ToArray())];

        var (computed, value) = Compute(network, options, inputs, labels);

        Assert.Equal(reference.Loss(layers, rows, labels), value, 1e-5);
        for (var layer = 0; layer < layers.Count; layer++)
        {
            var (weights, biases) = layers[layer];
            for (var i = 0; i < weights.GetLength(0); i++)
                for (var o = 0; o < weights.GetLength(1); o++)
                    Assert.Equal(Difference(x => weights[i, o] += x), computed[2 * layer][i * weights.GetLength(1) + o], 2e-6);
            for (var o = 0; o < biases.Length; o++)
                Assert.Equal(Difference(x => biases[o] += x), computed[2 * layer + 1][o], 2e-6);
        }

        double Difference(Action<double> move)
        {
            move(Step);
            var above = reference.Loss(layers, rows, labels);
            move(-2 * Step);
            var below = reference.Loss(layers, rows, labels);
            move(Step);
            return (above - below) / (2 * Step);
        }
    }

    private static (float[][] Gradients, double Loss) Compute(Network network, TrainingOptions options, float[] inputs, byte[] labels)
    {
        using var input = new RowsBuffer(Rows, Inputs);
        using var gradient = new RowsBuffer(Rows, Classes);
        using var sink = new SumSink(network.Parameters);
        using var loss = Losses.Catalog.Find(options.Loss)(Classes, Rows, options.LabelSmoothing);

        var logits = network.Forward(Matrices.Fill(input, inputs), new Pass(true, 1, 1));
        var dz = gradient.Take(Rows);
        var sum = loss.Evaluate(logits, labels, dz, 1f / Rows, []);
        network.Backward(dz, sink);

        return ([.. network.Parameters.Select(Unpack)], sum.Loss / Rows);

        float[] Unpack(Parameter parameter)
        {
            var values = new float[parameter.Count];
            parameter.Layout.Unpack(sink.Sum(parameter).Span, values);
            return values;
        }
    }

    private static List<(double[,] Weights, double[] Biases)> Layers(Network network) =>
        [.. network.Parameters.Chunk(2).Select(pair =>
        {
            var weights = new double[pair[0].FanIn, pair[0].FanOut];
            Buffer.BlockCopy(pair[0].Export().Select(x => (double)x).ToArray(), 0, weights, 0, weights.Length * sizeof(double));
            return (weights, pair[1].Export().Select(x => (double)x).ToArray());
        })];
}
