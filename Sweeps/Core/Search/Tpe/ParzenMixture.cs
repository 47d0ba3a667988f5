namespace Sweeps.Core.Search.Tpe;

/// <summary>
/// The Parzen estimator of some observations: a mixture of product kernels, one per observation in order of run number, and a prior kernel
/// (Watanabe 2023, as in Optuna 5).
/// </summary>
internal sealed class ParzenMixture
{
    private const int Newest = 25;

    /// <summary>The difference of logarithms below which a term does not change the sum in double precision.</summary>
    private const double Negligible = -50;

    private readonly KernelColumn[] columns;
    private readonly double[] cumulative;
    private readonly double[] logWeights;
    private readonly double[] sums;

    /// <summary>The mixture over the given axes; row j of <paramref name="observed"/> holds the coordinates on axis j.</summary>
    public ParzenMixture(IReadOnlyList<ParameterAxis> axes, double[][] observed)
    {
        columns = [.. axes.Select((axis, j) => KernelColumn.Of(axis, observed[j]))];
        var weights = Weights(observed[0].Length);
        var total = weights.Sum();
        cumulative = new double[weights.Length];
        logWeights = new double[weights.Length];
        sums = new double[weights.Length];
        var sum = 0.0;
        for (var i = 0; i < weights.Length; i++)
        {
            cumulative[i] = (sum += weights[i]) / total;
            logWeights[i] = Math.Log(weights[i] / total);
        }
    }

    /// <summary>
    /// Weights of m observations, oldest first, and of the prior, not normalised. The newest 25 and the prior have weight 1; the older ones rise
    /// from 1/m to 1.
    /// </summary>
    public static double[] Weights(int m)
    {
        var weights = new double[m + 1];
        Array.Fill(weights, 1.0);
        var old = m - Newest;
        for (var i = 0; i < old; i++)
            weights[i] = old == 1 ? 1.0 / m : 1.0 / m + (1 - 1.0 / m) * i / (old - 1);
        return weights;
    }

    public double[] Sample(ref SplitMix64 random)
    {
        var kernel = Array.BinarySearch(cumulative, random.NextDouble());
        kernel = Math.Min(kernel < 0 ? ~kernel : kernel + 1, cumulative.Length - 1);
        var point = new double[columns.Length];
        for (var j = 0; j < columns.Length; j++)
            point[j] = columns[j].Sample(kernel, ref random);
        return point;
    }

    /// <summary>The logarithm of the density (mass, on discrete axes) at a point.</summary>
    public double LogDensity(ReadOnlySpan<double> point)
    {
        logWeights.CopyTo(sums, 0);
        for (var j = 0; j < columns.Length; j++)
            columns[j].AddLog(point[j], sums);
        var largest = double.NegativeInfinity;
        foreach (var term in sums)
            largest = Math.Max(largest, term);
        var sum = 0.0;
        foreach (var term in sums)
            if (term - largest > Negligible)
                sum += Math.Exp(term - largest);
        return largest + Math.Log(sum);
    }
}
