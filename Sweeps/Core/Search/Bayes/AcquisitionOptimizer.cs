using Sweeps.Core.Search.Tpe;

namespace Sweeps.Core.Search.Bayes;

/// <summary>Maximises the expected improvement: evaluates 2,048 allowed Sobol points, then runs up to ten local searches.</summary>
/// <param name="cube">The search space as a cube.</param>
/// <param name="process">The model.</param>
/// <param name="weights">The kernel's weights wⱼ; local searches scale coordinates by their roots.</param>
/// <param name="best">The best value so far.</param>
/// <param name="allowed">Whether a point satisfies the constraints.</param>
internal sealed class AcquisitionOptimizer(UnitCube cube, GaussianProcess process, double[] weights, double best, Func<double[], bool> allowed)
{
    private const int Samples = 2048;
    private const int MaxDraws = 10 * Samples;
    private const int DrawnStarts = 8;

    /// <summary>
    /// The results of the local searches and the samples, best first. One search starts at <paramref name="incumbent"/>.
    /// </summary>
    public IEnumerable<Configuration> Candidates(double[] incumbent, SobolSequence sequence, SplitMix64 random)
    {
        var points = new List<double[]>(Samples);
        var active = new bool[cube.Dimensions];
        for (var i = 0; i < MaxDraws && points.Count < Samples; i++)
        {
            var x = new double[cube.Dimensions];
            for (var j = 0; j < x.Length; j++)
                x[j] = cube.FromUniform(j, sequence.Draw(i, 0, cube.Parameter(j)));
            cube.Normalize(x, active);
            if (allowed(x))
                points.Add(x);
        }
        if (points.Count == 0 && allowed(incumbent))
            points.Add(incumbent);
        if (points.Count == 0)
            return [];
        var samples = points.Zip(process.Predict(points), (x, at) => (X: x, Score: ExpectedImprovement.Log(at.Mean, at.Deviation, best))).ToList();
        var localSearch = new LocalSearch(cube, process, weights, best, allowed);
        var top = samples.MaxBy(sample => sample.Score);
        var ends = Starts(samples, top.Score, random).Distinct().Prepend(incumbent).Prepend(top.X).Select(localSearch.From);
        return ends.Concat(samples).OrderByDescending(candidate => candidate.Score).Select(candidate => cube.At(candidate.X));
    }

    /// <summary>Draws samples with probability proportional to their expected improvement.</summary>
    private static IEnumerable<double[]> Starts(List<(double[] X, double Score)> samples, double top, SplitMix64 random)
    {
        var cumulative = new double[samples.Count];
        var sum = 0.0;
        for (var i = 0; i < samples.Count; i++)
            cumulative[i] = sum += Math.Exp(samples[i].Score - top);
        for (var k = 0; k < DrawnStarts; k++)
        {
            var at = Array.BinarySearch(cumulative, random.NextDouble() * sum);
            yield return samples[Math.Min(at < 0 ? ~at : at, samples.Count - 1)].X;
        }
    }
}

/// <summary>Local search: optimises the real coordinates by gradient, then each discrete one, until the score no longer improves.</summary>
internal sealed class LocalSearch(UnitCube cube, GaussianProcess process, double[] weights, double best, Func<double[], bool> allowed)
{
    private const int Rounds = 20;
    private const int Iterations = 50;
    private const double Tolerance = 1e-3;

    /// <summary>The largest number of values of a discrete coordinate of which all are evaluated.</summary>
    private const int FewValues = 16;

    private readonly bool[] active = new bool[cube.Dimensions];

    /// <summary>Returns the best point found and its score; −∞ if no allowed point was found.</summary>
    public (double[] X, double Score) From(double[] start)
    {
        var x = (double[])start.Clone();
        var score = Score(x);
        for (var round = 0; round < Rounds; round++)
        {
            var before = score;
            score = ClimbNumbers(x, score);
            for (var j = 0; j < x.Length; j++)
                if (cube.Values(j) is { } values)
                    score = ClimbValues(x, j, values, score);
            if (!(score > before + Tolerance))
                break;
        }
        return (x, score);
    }

    private double Score(double[] x)
    {
        cube.Normalize(x, active);
        if (!allowed(x))
            return double.NegativeInfinity;
        var (mean, deviation) = process.Predict(x);
        return ExpectedImprovement.Log(mean, deviation, best);
    }

    /// <summary>
    /// L-BFGS over the active real coordinates, each scaled by the root of its weight so that the curvature is similar in all directions.
    /// </summary>
    private double ClimbNumbers(double[] x, double score)
    {
        cube.Normalize(x, active);
        var free = Enumerable.Range(0, x.Length).Where(j => cube.Values(j) is null && active[j]).ToArray();
        if (free.Length == 0)
            return score;
        var scales = Array.ConvertAll(free, j => Math.Sqrt(weights[j]));
        var at = (double[])x.Clone();
        var (meanGradient, deviationGradient) = (new double[x.Length], new double[x.Length]);
        var scaled = free.Select((j, i) => x[j] * scales[i]).ToArray();
        var minimizer = new BoxMinimizer(new double[free.Length], scales, Iterations, Tolerance);
        var reached = -minimizer.Minimize(scaled, Negative);
        if (!(reached > score))
            return score;
        Place(scaled, x);
        return reached;

        double Negative(ReadOnlySpan<double> point, Span<double> gradient)
        {
            Place(point, at);
            if (!allowed(at))
                return double.PositiveInfinity;
            var (mean, deviation) = process.Predict(at, meanGradient, deviationGradient);
            var (byMean, byDeviation) = ExpectedImprovement.Slopes(mean, deviation, best);
            for (var i = 0; i < free.Length; i++)
                gradient[i] = -(byMean * meanGradient[free[i]] + byDeviation * deviationGradient[free[i]]) / scales[i];
            return -ExpectedImprovement.Log(mean, deviation, best);
        }

        void Place(ReadOnlySpan<double> point, double[] target)
        {
            for (var i = 0; i < free.Length; i++)
                target[free[i]] = Math.Clamp(point[i] / scales[i], 0, 1);
        }
    }

    /// <summary>
    /// Moves to the best value of one discrete coordinate: evaluates all values, or those at distances 1, 2, 4 … on both sides.
    /// </summary>
    private double ClimbValues(double[] x, int j, int values, double score)
    {
        cube.Normalize(x, active);
        if (!active[j])
            return score;
        var here = cube.IndexOf(j, x[j]);
        var (reached, reachedScore) = (x, score);
        var others = Others(here, values, everyOne: values <= FewValues || !cube.IsNumber(j)).Select(With).Where(allowed).ToList();
        foreach (var (other, at) in others.Zip(process.Predict(others)))
        {
            var otherScore = ExpectedImprovement.Log(at.Mean, at.Deviation, best);
            if (otherScore > reachedScore)
                (reached, reachedScore) = (other, otherScore);
        }
        reached.CopyTo(x, 0);
        return reachedScore;

        double[] With(int index)
        {
            var other = (double[])x.Clone();
            other[j] = cube.ValueAt(j, index);
            cube.Normalize(other, active);
            return other;
        }
    }

    private static IEnumerable<int> Others(int here, int values, bool everyOne)
    {
        if (everyOne)
            return Enumerable.Range(0, values).Where(index => index != here);
        return Powers(values).SelectMany(step => new[] { here - step, here + step }).Where(index => index >= 0 && index < values);
    }

    private static IEnumerable<int> Powers(int limit)
    {
        for (var step = 1L; step < limit; step *= 2)
            yield return (int)step;
    }
}

/// <summary>The logarithm of the expected improvement, accurate even if the improvement itself underflows (Ament et al. 2023).</summary>
internal static class ExpectedImprovement
{
    private const double HalfLogTwoPi = 0.91893853320467274178;
    private const double Tail = -25;

    /// <summary>ln(z·Φ(z) + φ(z)).</summary>
    public static double LogUnit(double z)
    {
        if (z > Tail)
            return Math.Log(z * Math.Exp(TruncatedNormal.LogCdf(z)) + Math.Exp(-z * z / 2 - HalfLogTwoPi));
        var inverse = 1 / (z * z);
        return -z * z / 2 - HalfLogTwoPi - 2 * Math.Log(-z) + Math.Log(1 + inverse * (-3 + inverse * (15 - 105 * inverse)));
    }

    /// <summary>ln EI below <paramref name="best"/> at a point with this mean and deviation.</summary>
    public static double Log(double mean, double deviation, double best) => Math.Log(deviation) + LogUnit((best - mean) / deviation);

    /// <summary>The derivatives of ln EI by the mean and by the deviation.</summary>
    public static (double ByMean, double ByDeviation) Slopes(double mean, double deviation, double best)
    {
        var z = (best - mean) / deviation;
        var unit = LogUnit(z);
        return (-Math.Exp(TruncatedNormal.LogCdf(z) - unit) / deviation, Math.Exp(-z * z / 2 - HalfLogTwoPi - unit) / deviation);
    }
}
