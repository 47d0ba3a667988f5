using Engine.Data;

namespace Engine.Tests.Support;

/// <summary>
/// A simple dense network in double precision. Central differences of its loss are the reference for the engine's gradients.
/// </summary>
internal sealed class ReferenceNetwork(string activation, string loss, LearningTask task, double labelSmoothing, double[]? weights = null)
{
    public const double HuberDelta = 0.5;

    /// <summary>Mean loss over rows of <paramref name="inputs"/>; layers as (weights[in, out], biases[out]).</summary>
    public double Loss(IReadOnlyList<(double[,] Weights, double[] Biases)> layers, double[][] inputs, byte[] labels, double[][] targets)
    {
        var sum = 0.0;
        for (var n = 0; n < inputs.Length; n++)
        {
            var x = inputs[n];
            for (var layer = 0; layer < layers.Count; layer++)
            {
                x = Dense(x, layers[layer].Weights, layers[layer].Biases);
                if (layer < layers.Count - 1)
                    x = [.. x.Select(Activate)];
            }
            sum += task == LearningTask.Classification ? (weights?[labels[n]] ?? 1) * OfExample(x, labels[n]) : OfExample(x, targets[n]);
        }
        return sum / inputs.Length;
    }

    public double Activate(double x) => activation switch
    {
        "sigmoid" => 1 / (1 + Math.Exp(-x)),
        "tanh" => Math.Tanh(x),
        "relu" => Math.Max(0, x),
        "leaky_relu" => x > 0 ? x : 0.01 * x,
        "gelu" => x * MathNet.Numerics.Distributions.Normal.CDF(0, 1, x),
        "identity" => x,
        _ => throw new ArgumentException($"The reference does not know '{activation}'."),
    };

    private double OfExample(double[] logits, int label)
    {
        var largest = logits.Max();
        var exponentials = logits.Select(x => Math.Exp(x - largest)).ToArray();
        var p = exponentials.Select(e => e / exponentials.Sum()).ToArray();
        var off = labelSmoothing / logits.Length;
        var target = logits.Select((_, i) => i == label ? 1 - labelSmoothing + off : off).ToArray();
        var squares = p.Zip(target, (a, b) => (a - b) * (a - b)).Sum();
        return loss switch
        {
            "cross_entropy" => -p.Zip(target, (a, b) => b * Math.Log(a)).Sum(),
            "squared_error" => squares,
            "mean_squared_error" => squares / logits.Length,
            _ => throw new ArgumentException($"The reference does not know '{loss}'."),
        };
    }

    private double OfExample(double[] outputs, double[] targets)
    {
        var sum = 0.0;
        for (var i = 0; i < outputs.Length; i++)
        {
            double difference = outputs[i] - targets[i], distance = Math.Abs(difference), t = targets[i] * (1 - labelSmoothing) + labelSmoothing / 2;
            sum += loss switch
            {
                "squared_error" => difference * difference,
                "mean_squared_error" => difference * difference / outputs.Length,
                "absolute_error" => distance,
                "huber" => distance <= HuberDelta ? difference * difference / 2 : HuberDelta * (distance - HuberDelta / 2),
                "binary_cross_entropy" => (targets[i] > 0 ? weights?[i] ?? 1 : 1)
                    * (-t * Math.Log(1 / (1 + Math.Exp(-outputs[i]))) - (1 - t) * Math.Log(1 - 1 / (1 + Math.Exp(-outputs[i])))),
                _ => throw new ArgumentException($"The reference does not know '{loss}'."),
            };
        }
        return sum;
    }

    private static double[] Dense(double[] x, double[,] weights, double[] biases)
    {
        var y = (double[])biases.Clone();
        for (var o = 0; o < y.Length; o++)
            for (var i = 0; i < x.Length; i++)
                y[o] += x[i] * weights[i, o];
        return y;
    }
}
