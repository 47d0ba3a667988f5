namespace Sweeps.Core.Search.Bayes;

/// <summary>Climbs from a point: real coordinates together by their gradient, then discrete ones in turn, until nothing improves.</summary>
internal sealed class LocalSearch(UnitCube cube, GaussianProcess process, double[] weights, double best, Func<double[], bool> allowed)
{
    private const int Rounds = 20;
    private const int Iterations = 50;
    private const double Tolerance = 1e-3;

    /// <summary>Discrete coordinates with at most so many values are tried value by value.</summary>
    private const int FewValues = 16;

    private readonly bool[] active = new bool[cube.Dimensions];

    /// <summary>The end of the climb and its score; −∞ if no allowed point was met.</summary>
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
        cube.Settle(x, active);
        if (!allowed(x))
            return double.NegativeInfinity;
        var (mean, deviation) = process.Predict(x);
        return ExpectedImprovement.Log(mean, deviation, best);
    }

    /// <summary>
    /// L-BFGS over the active real coordinates, each scaled by the root of its weight so that all directions curve alike.
    /// </summary>
    private double ClimbNumbers(double[] x, double score)
    {
        cube.Settle(x, active);
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

    /// <summary>Tries the values of one discrete coordinate: all of them, or those at distances 1, 2, 4 … to both sides.</summary>
    private double ClimbValues(double[] x, int j, int values, double score)
    {
        cube.Settle(x, active);
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
            cube.Settle(other, active);
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
