using Engine.Data;
using Engine.Networks;
using Engine.Numerics;
using Engine.Tests.Support;
using Engine.Training;

namespace Engine.Tests.Networks;

/// <summary>The engine's gradients against central differences of a simple network in double precision.</summary>
public sealed class GradientTests
{
    private const int Inputs = 5, Classes = 3, Rows = 7;
    private const double Step = 1e-6;

    private static readonly byte[] Labels = [0, 1, 2, 1, 0, 2, 2];

    public static TheoryData<string, string, LearningTask, double, bool> Cases
    {
        get
        {
            var cases = new TheoryData<string, string, LearningTask, double, bool>();
            foreach (var activation in Activations.Names)
                foreach (var loss in Losses.Names)
                    foreach (var task in Losses.Catalog.Find(loss).Tasks)
                    {
                        cases.Add(activation, loss, task, 0, false);
                        if (task != LearningTask.Regression)
                            cases.Add(activation, loss, task, 0.2, true);
                    }
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_gradient_agrees_with_central_differences(string activation, string loss, LearningTask task, double smoothing, bool weighted)
    {
        var options = new TrainingOptions { HiddenSizes = [18, 4], Activations = [activation], Initializer = "random_uniform" };
        using var network = Network.Build(options, ImageShape.Vector(Inputs), Classes, seed: 3, capacity: Rows);
        double[]? weights = weighted ? [0.5, 2, 1.5] : null;
        var output = new OutputSpec(task, ["a", "b", "c"]) { Weights = weights is null ? null : [.. weights.Select(w => (float)w)] };
        var lossOptions = new LossOptions(output, Rows, smoothing, ReferenceNetwork.HuberDelta);
        var inputs = Matrices.Random(Rows * Inputs, 4);
        float[] targets = [.. Matrices.Random(Rows * Classes, 5).Select(x => task == LearningTask.MultiLabel ? x > 0 ? 1 : 0 : x)];
        var reference = new ReferenceNetwork(activation, loss, task, smoothing, weights);
        var layers = Layers(network);
        double[][] rows = Numbers(inputs, Inputs), wanted = Numbers(targets, Classes);

        var (computed, value) = Compute(network, loss, lossOptions, inputs, targets);

        Assert.Equal(reference.Loss(layers, rows, Labels, wanted), value, 1e-5);
        for (var layer = 0; layer < layers.Count; layer++)
        {
            var (matrix, biases) = layers[layer];
            for (var i = 0; i < matrix.GetLength(0); i++)
                for (var o = 0; o < matrix.GetLength(1); o++)
                    Assert.Equal(Difference(x => matrix[i, o] += x), computed[2 * layer][i * matrix.GetLength(1) + o], 2e-6);
            for (var o = 0; o < biases.Length; o++)
                Assert.Equal(Difference(x => biases[o] += x), computed[2 * layer + 1][o], 2e-6);
        }

        double Difference(Action<double> move)
        {
            move(Step);
            var above = reference.Loss(layers, rows, Labels, wanted);
            move(-2 * Step);
            var below = reference.Loss(layers, rows, Labels, wanted);
            move(Step);
            return (above - below) / (2 * Step);
        }
    }

    private static double[][] Numbers(float[] values, int width) => [.. values.Chunk(width).Select(row => row.Select(x => (double)x).ToArray())];

    private static (float[][] Gradients, double Loss) Compute(Network network, string name, LossOptions options, float[] inputs, float[] targets)
    {
        using var input = new RowsBuffer(Rows, Inputs);
        using var target = new RowsBuffer(Rows, Classes);
        using var gradient = new RowsBuffer(Rows, Classes);
        using var sink = new SumSink(network.Parameters);
        using var loss = Losses.Create(name, options);

        var outputs = network.Forward(Matrices.Fill(input, inputs), new Pass(true, 1, 1));
        var dz = gradient.Take(Rows);
        var sum = loss.Evaluate(outputs, new BatchTargets(Labels, Matrices.Fill(target, targets)), dz, 1f / Rows);
        network.Backward(dz, sink, Worker.Alone);

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
