namespace Sweeps.Core.Search.Bayes;

/// <summary>Looks for the points with the largest expected improvement: 2,048 Sobol points, then ten local searches.</summary>
/// <param name="cube">The coordinates.</param>
/// <param name="process">What is believed.</param>
/// <param name="weights">The kernel's wⱼ, by whose roots local searches scale the coordinates.</param>
/// <param name="best">The value to improve on.</param>
/// <param name="allowed">Whether a point fulfils the constraints.</param>
internal sealed class Acquisition(UnitCube cube, GaussianProcess process, double[] weights, double best, Func<double[], bool> allowed)
{
    private const int Samples = 2048;
    private const int DrawnStarts = 8;

    /// <summary>
    /// Candidates, best first: the ends of the local searches and the samples. <paramref name="incumbent"/> is where one search starts.
    /// </summary>
    public IEnumerable<Configuration> Candidates(double[] incumbent, SobolSequence sequence, SplitMix64 random)
    {
        var points = new List<double[]>(Samples);
        var active = new bool[cube.Dimensions];
        for (var i = 0; i < Samples; i++)
        {
            var x = new double[cube.Dimensions];
            for (var j = 0; j < x.Length; j++)
                x[j] = cube.FromUniform(j, sequence.Draw(i, 0, cube.Parameter(j)));
            cube.Settle(x, active);
            if (allowed(x))
                points.Add(x);
        }
        if (points.Count == 0)
            return [];
        var samples = points.Zip(process.Predict(points), (x, at) => (X: x, Score: ExpectedImprovement.Log(at.Mean, at.Deviation, best))).ToList();
        var climb = new LocalSearch(cube, process, weights, best, allowed);
        var top = samples.MaxBy(sample => sample.Score);
        var ends = Starts(samples, top.Score, random).Distinct().Prepend(incumbent).Prepend(top.X).Select(climb.From);
        return ends.Concat(samples).OrderByDescending(candidate => candidate.Score).Select(candidate => cube.At(candidate.X));
    }

    /// <summary>Samples drawn with probability in proportion to their expected improvement.</summary>
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
