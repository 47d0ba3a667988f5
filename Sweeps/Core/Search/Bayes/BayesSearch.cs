using Sweeps.Core.Space;

namespace Sweeps.Core.Search.Bayes;

/// <summary>
/// Bayesian optimisation: a Gaussian process with a Matérn 5/2 kernel and one length per coordinate, and the expected improvement (Jones et
/// al. 1998; the recipe of Optuna 5's GPSampler). Running runs count with their predicted means, so that parallel proposals differ. A
/// proposal is a function of seed, index, attempt and history.
/// </summary>
/// <param name="space">What is searched.</param>
/// <param name="constraints">What every proposal fulfils.</param>
/// <param name="seed">The sweep's seed.</param>
/// <param name="impute">The value of runs that failed.</param>
/// <param name="imputeWhileRunning">The value of running runs; null: the predicted one.</param>
public sealed class BayesSearch(
    SearchSpace space, IReadOnlyList<Constraint> constraints, ulong seed, Imputation impute = Imputation.Worst,
    Imputation? imputeWhileRunning = null) : ISearch
{
    private const int RandomRuns = 10;
    private const int AlwaysFitted = 100;
    private const int Parts = 20;

    private readonly SequenceSearch random = new(space, constraints, new RandomSequence(seed));
    private readonly UnitCube cube = new(space);
    private (IReadOnlyList<(Configuration, double)> Results, KernelParameters Kernel)? fitted;
    private GaussianProcess? conditioned;

    /// <inheritdoc/>
    public long? Size => null;

    /// <inheritdoc/>
    public bool FitsModel => true;

    /// <inheritdoc/>
    public Configuration? Propose(int index, int attempt, IHistory history)
    {
        var observations = history.Observations;
        if (cube.Dimensions == 0 || Results.Of(observations, impute, imputeWhileRunning) is not { Known.Count: >= RandomRuns } results)
            return random.Propose(index, attempt, history);
        var draws = new SplitMix64(SplitMix64.Draw(seed, (ulong)index, "$bayes"));
        var seen = observations.Select(observation => observation.Configuration).ToHashSet();
        return Candidates(results, draws).Where(candidate => !seen.Contains(candidate)).Skip(attempt).FirstOrDefault()
            ?? random.Propose(index, attempt, history);
    }

    private IEnumerable<Configuration> Candidates(Results results, SplitMix64 draws)
    {
        var first = Milestone(results);
        var milestone = results.Limited(first);
        var kernel = Fit(milestone);
        var (points, y) = Read([.. milestone, .. results.Known.Skip(first)]);
        var incumbent = points[Array.IndexOf(y, y.Min())];
        var process = conditioned = new GaussianProcess(cube, kernel, points, y, conditioned);
        if (results.Pending.Count > 0)
        {
            var pending = results.Pending.Select(cube.Point).ToArray();
            y = [.. y, .. pending.Select(point => process.Predict(point).Mean)];
            process = new GaussianProcess(cube, kernel, [.. points, .. pending], y, process);
        }
        var acquisition = new Acquisition(cube, process, kernel.Weights, y.Min(), IsAllowed);
        return acquisition.Candidates(incumbent, new SobolSequence(draws.Next(), space), draws);
    }

    private bool IsAllowed(double[] x)
    {
        if (constraints.Count == 0)
            return true;
        var configuration = cube.At(x);
        return constraints.All(constraint => constraint.Holds(configuration));
    }

    /// <summary>
    /// To how many of the results the kernel is fitted: all of 100, then as many as there were at the last twentieth. Runs that finish out of
    /// order would change which they are with every result, so those count that are settled, unless a run that takes its time holds half back.
    /// </summary>
    private static int Milestone(Results results)
    {
        var n = results.Known.Count;
        if (n <= AlwaysFitted)
            return n;
        if (results.Settled >= AlwaysFitted && results.Settled >= n / 2)
            n = results.Settled;
        return n - n % (n / Parts);
    }

    /// <summary>The kernel of these results. The last fit is kept: proposals between two milestones share it.</summary>
    private KernelParameters Fit(IReadOnlyList<(Configuration, double)> results)
    {
        if (fitted is not var (old, kernel) || !old.SequenceEqual(results))
        {
            var (points, y) = Read(results);
            kernel = MarginalLikelihood.Fit(cube, points, y);
            fitted = (results, kernel);
        }
        return kernel;
    }

    private (double[][] Points, double[] Y) Read(IReadOnlyList<(Configuration Configuration, double Value)> results) =>
        ([.. results.Select(result => cube.Point(result.Configuration))], Standardized([.. results.Select(result => result.Value)]));

    /// <summary>Mean 0, deviation 1; all 0 when the values are equal.</summary>
    private static double[] Standardized(double[] values)
    {
        var mean = values.Average();
        var deviation = Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
        return Array.ConvertAll(values, value => deviation > 0 ? (value - mean) / deviation : 0);
    }
}
