using Sweeps.Core.Space;

namespace Sweeps.Core.Search.Bayes;

/// <summary>
/// Bayesian optimisation: a Gaussian process with a Matérn 5/2 kernel and one length per coordinate, and the expected improvement (Jones et
/// al. 1998), configured as in Optuna 5's GPSampler. Running runs have their predicted means as values, so that parallel proposals differ.
/// Runs without a finite value are left out of the model, because a large imputed value would distort it; a point that is nearer to one of
/// them than to any result is not proposed. A proposal is a function of seed, index, attempt and history.
/// </summary>
/// <param name="space">The search space.</param>
/// <param name="constraints">Constraints that every proposal satisfies.</param>
/// <param name="seed">The sweep's seed.</param>
/// <param name="impute">The value of runs that failed.</param>
/// <param name="imputeWhileRunning">The value of running runs; null for the predicted one.</param>
internal sealed class BayesSearch(
    SearchSpace space, IReadOnlyList<Constraint> constraints, ulong seed, Imputation impute = Imputation.Worst,
    Imputation? imputeWhileRunning = null) : ISearch
{
    /// <summary>The number of results before the model is used.</summary>
    public const int RandomRuns = 10;

    private const int MinKnown = 3;
    private const int AlwaysFitted = 100;
    private const int Parts = 20;

    private readonly SequenceSearch random = new(space, constraints, new RandomSequence(seed));
    private readonly UnitCube cube = new(space);
    private (IReadOnlyList<(Configuration, double)> Results, KernelParameters Kernel)? fitted;
    private GaussianProcess? conditioned;

    public long? Size => null;

    public bool FitsModel => true;

    public Suggestion? Propose(int index, int attempt, IHistory history)
    {
        var observations = history.Observations;
        if (cube.Dimensions == 0)
            return random.Propose(index, attempt, history);
        if (TrainingData.Of(observations, impute, imputeWhileRunning) is not { } data
            || data.Known.Count < MinKnown || data.Known.Count + data.Failed.Count < RandomRuns)
            return Random($"bayes needs {RandomRuns} results, {MinKnown} of them finite");
        var draws = new SplitMix64(SplitMix64.Draw(seed, (ulong)index, "$bayes"));
        var seen = observations.Select(observation => observation.Configuration).ToHashSet();
        return Candidates(data, draws).Where(candidate => !seen.Contains(candidate)).Skip(attempt).FirstOrDefault() is { } best
            ? new Suggestion(best)
            : Random("every candidate of bayes has run or violates the constraints");

        Suggestion? Random(string why) => random.Propose(index, attempt, history) is { } drawn ? drawn with { Random = why } : null;
    }

    private IEnumerable<Configuration> Candidates(TrainingData data, SplitMix64 draws)
    {
        var first = Milestone(data);
        var milestone = data.Limited(first);
        var kernel = Fit(milestone);
        var (points, y) = Read([.. milestone, .. data.Known.Skip(first)]);
        var incumbent = points[Array.IndexOf(y, y.Min())];
        var (known, failed) = (points, data.Failed.Select(cube.Point).ToArray());
        var process = conditioned = new GaussianProcess(cube, kernel, points, y, conditioned);
        if (data.Pending.Count > 0)
        {
            var pending = data.Pending.Select(cube.Point).ToArray();
            y = [.. y, .. pending.Select(point => process.Predict(point).Mean)];
            process = new GaussianProcess(cube, kernel, [.. points, .. pending], y, process);
        }
        var acquisition = new AcquisitionOptimizer(cube, process, kernel.Weights, y.Min(), IsAllowed);
        return acquisition.Candidates(incumbent, new SobolSequence(draws.Next(), space), draws);

        bool IsAllowed(double[] x) => SatisfiesConstraints(x) && (failed.Length == 0 || Nearest(x, known) <= Nearest(x, failed));
    }

    private bool SatisfiesConstraints(double[] x)
    {
        if (constraints.Count == 0)
            return true;
        var configuration = cube.At(x);
        return constraints.All(constraint => constraint.Holds(configuration));
    }

    /// <summary>
    /// The squared distance to the nearest of some points, unweighted: a parameter that makes runs fail may have no weight in the kernel.
    /// </summary>
    private double Nearest(double[] x, double[][] points)
    {
        var nearest = double.PositiveInfinity;
        foreach (var point in points)
        {
            var distance = 0.0;
            for (var j = 0; j < x.Length && distance < nearest; j++)
                distance += cube.SquaredDifference(j, x[j], point[j]);
            nearest = Math.Min(nearest, distance);
        }
        return nearest;
    }

    /// <summary>
    /// The number of results to which the kernel is fitted: all up to 100, then a multiple of a twentieth, so that most proposals need no
    /// new fit. Results that arrive out of order would change the selection each time, so only settled results are used, unless a slow run
    /// delays more than half of them.
    /// </summary>
    private static int Milestone(TrainingData data)
    {
        var n = data.Known.Count;
        if (n <= AlwaysFitted)
            return n;
        if (data.Settled >= AlwaysFitted && data.Settled >= n / 2)
            n = data.Settled;
        return n - n % (n / Parts);
    }

    /// <summary>The kernel fitted to these results. Proposals between two milestones share the last fit.</summary>
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

    /// <summary>The values scaled to mean 0 and standard deviation 1; all 0 when they are equal.</summary>
    private static double[] Standardized(double[] values)
    {
        var mean = values.Average();
        var deviation = Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
        return Array.ConvertAll(values, value => deviation > 0 ? (value - mean) / deviation : 0);
    }
}

/// <summary>The results to which a Gaussian process is fitted, and the running runs.</summary>
/// <param name="Known">Configurations with finite values, in order of run number.</param>
/// <param name="Failed">Configurations of runs that failed, diverged or have no finite value, in order of run number.</param>
/// <param name="Pending">Configurations of running runs, whose values are predicted.</param>
/// <param name="Settled">The number of known results before the first running run; no later result can be inserted among them.</param>
internal sealed record TrainingData(
    IReadOnlyList<(Configuration Configuration, double Value)> Known, IReadOnlyList<Configuration> Failed, IReadOnlyList<Configuration> Pending, int Settled)
{
    private const int MaxResults = 500;
    private const int KeptBest = 100;

    /// <summary>
    /// The results of a history: best values of completed runs and last values of pruned runs; with rungs, the values at the largest rung
    /// that has ten finite ones. A run without a finite value is in <see cref="Failed"/>, unless <paramref name="failed"/> imputes one of
    /// its own values. Null without any finite value.
    /// </summary>
    public static TrainingData? Of(IReadOnlyList<Observation> observations, Imputation failed, Imputation? running)
    {
        int? rung = null;
        if (observations.Any(observation => observation.AtRungs.Count > 0) && (rung = LargestRung.Of(observations)) is null)
            return null;
        var values = observations.Select(observation => Own(observation, rung)).ToArray();
        var worst = values.Where(value => value is { } x && double.IsFinite(x)).Max();
        if (worst is null)
            return null;
        var (known, failures) = (new List<(Configuration, double)>(values.Length), new List<Configuration>());
        var pending = new List<Configuration>();
        int? settled = null;
        for (var i = 0; i < values.Length; i++)
        {
            var observation = observations[i];
            if (observation.Kind == ObservationKind.Running)
                settled ??= known.Count;
            var value = observation.Kind switch
            {
                ObservationKind.Failed => Impute(observation, failed) ?? double.PositiveInfinity,
                ObservationKind.Running when values[i] is null && running is { } rule => Impute(observation, rule) ?? worst,
                _ => values[i],
            };
            if (value is { } x && double.IsFinite(x))
                known.Add((observation.Configuration, x));
            else if (value is not null)
                failures.Add(observation.Configuration);
            else if (observation.Kind == ObservationKind.Running)
                pending.Add(observation.Configuration);
        }
        return new TrainingData(known, failures, pending, settled ?? known.Count);
    }

    private static double? Own(Observation observation, int? rung)
    {
        if (rung is { } epoch)
            return LargestRung.At(observation, epoch);
        return observation.Kind is ObservationKind.Completed or ObservationKind.Pruned ? observation.Value : null;
    }

    /// <summary>The imputed value from the run's own values, or null if the worst of all runs applies.</summary>
    private static double? Impute(Observation observation, Imputation rule)
    {
        var seen = observation.AtRungs.Select(at => at.Value).Append(observation.Value).Where(double.IsFinite).ToArray();
        return rule == Imputation.Worst || seen.Length == 0 ? null : rule == Imputation.Best ? seen.Min() : seen[^1];
    }

    /// <summary>
    /// The first <paramref name="count"/> results; if these are more than 500, the best 100 and the newest 400 of the others.
    /// </summary>
    public IReadOnlyList<(Configuration Configuration, double Value)> Limited(int count)
    {
        if (count <= MaxResults)
            return count == Known.Count ? Known : [.. Known.Take(count)];
        var byValue = Enumerable.Range(0, count).OrderBy(i => Known[i].Value).ThenBy(i => i).ToArray();
        var kept = byValue[..KeptBest].Concat(byValue[KeptBest..].OrderDescending().Take(MaxResults - KeptBest)).Order();
        return [.. kept.Select(i => Known[i])];
    }
}
