namespace Engine.Tests.Support;

/// <summary>
/// A dense network in double precision, as a textbook writes it: the slow truth that the engine's gradients are compared with by central
/// differences.
/// </summary>
internal sealed class ReferenceNetwork(string activation, string loss, double labelSmoothing)
{
    /// <summary>Mean loss over rows of <paramref name="inputs"/>; layers as (weights[in, out], biases[out]).</summary>
    public double Loss(IReadOnlyList<(double[,] Weights, double[] Biases)> layers, double[][] inputs, byte[] labels)
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
            sum += OfExample(x, labels[n]);
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

    private static double[] Dense(double[] x, double[,] weights, double[] biases)
    {
        var y = (double[])biases.Clone();
        for (var o = 0; o < y.Length; o++)
            for (var i = 0; i < x.Length; i++)
                y[o] += x[i] * weights[i, o];
        return y;
    }
}
