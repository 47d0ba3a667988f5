namespace Engine.Data;

/// <summary>An affine scaling of features: input = raw · <see cref="Factor"/> + <see cref="Offset"/>, feature by feature.</summary>
public sealed class Scaling
{
    /// <summary>
    /// A scaling with one factor and one offset per feature. Throws <see cref="ArgumentException"/> when their numbers differ or are 0.
    /// </summary>
    public Scaling(float[] factor, float[] offset)
    {
        if (factor.Length != offset.Length || factor.Length == 0)
            throw new ArgumentException($"{factor.Length} factors and {offset.Length} offsets do not make a scaling.");
        Factor = factor;
        Offset = offset;
    }

    /// <summary>Per feature.</summary>
    public float[] Factor { get; }

    /// <summary>Per feature.</summary>
    public float[] Offset { get; }

    /// <summary>Whether a raw 0 becomes an input 0, for every feature.</summary>
    public bool KeepsZero => Array.TrueForAll(Offset, o => o == 0);

    /// <summary>Whether all features have the same factor and the same offset.</summary>
    public bool IsUniform => Array.TrueForAll(Factor, f => f == Factor[0]) && Array.TrueForAll(Offset, o => o == Offset[0]);

    /// <summary>The identity; pixels stay 0 … 255.</summary>
    public static Scaling None(int features) => Same(features, 1, 0);

    /// <summary>
    /// Min-max scaling to [<paramref name="low"/>, 1]: of bytes from the fixed range 0 … 255, of each column of floats from its smallest
    /// and largest value in the training examples. A constant column becomes <paramref name="low"/>.
    /// </summary>
    public static Scaling Range(Samples samples, ReadOnlySpan<int> training, float low)
    {
        if (samples.Bytes is not null)
            return Same(samples.Features, (1 - low) / 255, low);
        float[] factor = new float[samples.Features], offset = new float[samples.Features];
        for (var feature = 0; feature < samples.Features; feature++)
        {
            float least = float.PositiveInfinity, most = float.NegativeInfinity;
            foreach (var example in training)
            {
                var x = samples.Floats![(long)example * samples.Features + feature];
                least = MathF.Min(least, x);
                most = MathF.Max(most, x);
            }
            factor[feature] = most > least ? (1 - low) / (most - least) : 0;
            offset[feature] = low - factor[feature] * (most > least ? least : 0);
        }
        return new Scaling(factor, offset);
    }

    /// <summary>
    /// Standardisation to mean 0 and variance 1 over the training examples, per column for floats. A feature without variance becomes 0.
    /// </summary>
    /// <param name="samples">The examples.</param>
    /// <param name="training">The indices of the training examples; no others are read.</param>
    /// <param name="channels">
    /// The period of the statistics of images: the number of channels for one mean per channel, the number of features for one mean per
    /// pixel. Floats have one mean per column.
    /// </param>
    public static Scaling Standard(Samples samples, ReadOnlySpan<int> training, int channels)
    {
        var groups = samples.Bytes is null ? samples.Features : channels;
        double[] mean = new double[groups], square = new double[groups];
        if (samples.Bytes is { } bytes)
            ByteSums(bytes, samples.Features, training, mean, square);
        else
            FloatSums(samples.Floats!, samples.Features, training, mean, square);
        float[] factor = new float[samples.Features], offset = new float[samples.Features];
        var terms = (double)training.Length * samples.Features / groups;
        for (var feature = 0; feature < samples.Features; feature++)
        {
            var center = mean[feature % groups] / terms;
            var variance = square[feature % groups] / terms - center * center;
            var scale = variance > 1e-12 * center * center && variance > 0 ? 1 / Math.Sqrt(variance) : 0;
            factor[feature] = (float)scale;
            offset[feature] = (float)(-center * scale);
        }
        return new Scaling(factor, offset);
    }

    /// <summary>
    /// The scaling from standardised outputs back to the units of the targets: the factor is the standard deviation over the training
    /// examples, the offset the mean. A constant target has the factor 1.
    /// </summary>
    public static Scaling OfTargets(float[] targets, int width, ReadOnlySpan<int> training)
    {
        float[] factor = new float[width], offset = new float[width];
        for (var target = 0; target < width; target++)
        {
            // Two passes: for targets around 1e9 the one-pass formula E[x²] − E[x]² loses the variance by cancellation.
            double sum = 0, squares = 0;
            foreach (var example in training)
                sum += targets[(long)example * width + target];
            var mean = sum / training.Length;
            foreach (var example in training)
            {
                var difference = targets[(long)example * width + target] - mean;
                squares += difference * difference;
            }
            var deviation = Math.Sqrt(squares / training.Length);
            (factor[target], offset[target]) = (deviation > 1e-6 * Math.Abs(mean) && deviation > 0 ? (float)deviation : 1, (float)mean);
        }
        return new Scaling(factor, offset);
    }

    private static Scaling Same(int features, float factor, float offset)
    {
        float[] factors = new float[features], offsets = new float[features];
        Array.Fill(factors, factor);
        Array.Fill(offsets, offset);
        return new Scaling(factors, offsets);
    }

    private static void ByteSums(byte[] bytes, int features, ReadOnlySpan<int> training, double[] sum, double[] square)
    {
        // A histogram per group gives exact sums in one pass over the bytes.
        var counts = new long[sum.Length, 256];
        foreach (var example in training)
        {
            var row = bytes.AsSpan(example * features, features);
            for (var i = 0; i < row.Length; i++)
                counts[i % sum.Length, row[i]]++;
        }
        for (var group = 0; group < sum.Length; group++)
        {
            for (var value = 0; value < 256; value++)
            {
                sum[group] += (double)counts[group, value] * value;
                square[group] += (double)counts[group, value] * value * value;
            }
        }
    }

    private static void FloatSums(float[] floats, int features, ReadOnlySpan<int> training, double[] sum, double[] square)
    {
        foreach (var example in training)
        {
            var row = floats.AsSpan(example * features, features);
            for (var i = 0; i < row.Length; i++)
            {
                sum[i] += row[i];
                square[i] += (double)row[i] * row[i];
            }
        }
    }
}
