using Sweeps.Core.Space;

namespace Sweeps.Core.Search.Tpe;

/// <summary>
/// The tree-structured Parzen estimator (Bergstra et al. 2011) as in Optuna 5: multivariate, grouped for conditional spaces, with running
/// runs among the bad ones (constant liar). With rungs it is BOHB (Falkner et al. 2018): the model is fitted to the values at the largest
/// rung, and one proposal in three is random, which bounds the loss against random search. A proposal is a function of seed, index, attempt
/// and history.
/// </summary>
/// <param name="space">The search space.</param>
/// <param name="constraints">Constraints that every proposal satisfies.</param>
/// <param name="seed">The sweep's seed.</param>
/// <param name="hasRungs">Whether a rule of the sweep has rungs.</param>
internal sealed class TpeSearch(SearchSpace space, IReadOnlyList<Constraint> constraints, ulong seed, bool hasRungs = false) : ISearch
{
    /// <summary>The number of results before the model is used.</summary>
    public const int RandomRuns = 10;

    private const int Candidates = 24;
    private const int MaxDraws = 100 * Candidates;
    private const int MaxDrawsPerGroup = MaxDraws / 4;
    private const double RandomShare = 1.0 / 3;

    private readonly SequenceSearch random = new(space, constraints, new RandomSequence(seed));
    private readonly IReadOnlyList<ParameterGroup> groups = ParameterGroup.Of(space);
    private readonly CoordinateTable table = new(ParameterGroup.Of(space));
    private (HistorySplit Split, Model[] Models)? fitted;

    public long? Size => null;

    public Suggestion? Propose(int index, int attempt, IHistory history)
    {
        var draws = new SplitMix64(SplitMix64.Draw(seed, (ulong)index + ((ulong)attempt << 32), "$tpe"));
        var observations = history.Observations;
        if (Split(observations) is not { } split)
            return Random($"tpe needs {RandomRuns} results, one of them finite, and with rungs as many at the same rung");
        if (hasRungs && draws.NextDouble() < RandomShare)
            return Random("one proposal in three is, as in BOHB");
        var models = Fit(split, table.Update(observations));
        for (var left = MaxDraws; left > 0;)
            if (Draw(models, ref draws, ref left) is { } configuration)
                return new Suggestion(configuration);
        return Random($"none of {MaxDraws} candidates of tpe satisfies the constraints");

        Suggestion? Random(string why) => random.Propose(index, attempt, history) is { } drawn ? drawn with { Random = why } : null;
    }

    /// <summary>The models of a split. The last ones are cached, because a further attempt of a proposal uses the same models.</summary>
    private Model[] Fit(HistorySplit split, bool changed)
    {
        if (changed || fitted is not { } last || !last.Split.Below.AsSpan().SequenceEqual(split.Below)
            || !last.Split.Above.AsSpan().SequenceEqual(split.Above))
            fitted = last = (split, [.. groups.Select((group, g) => new Model(group, Mixture(split.Below, g), Mixture(split.Above, g)))]);
        return last.Models;

        ParzenMixture Mixture(int[] chosen, int g) => new(groups[g].Axes, table.Columns(g, chosen));
    }

    /// <summary>
    /// With rungs, only values at the same epoch are compared. Otherwise a run that was promoted because of a lucky value would rank best
    /// because it has trained longest, and would attract the search even if it became bad.
    /// </summary>
    private HistorySplit? Split(IReadOnlyList<Observation> observations)
    {
        if (!hasRungs)
            return HistorySplit.Of(observations, RandomRuns);
        return LargestRung.Of(observations) is { } rung ? HistorySplit.At(observations, rung, RandomRuns) : null;
    }

    /// <summary>
    /// Draws the best candidate of each active group in turn, among those that no constraint excludes given the values so far. Null when a
    /// group has no such candidate.
    /// </summary>
    private Configuration? Draw(Model[] models, ref SplitMix64 draws, ref int left)
    {
        var values = new Dictionary<string, Value>();
        foreach (var model in models)
        {
            if (!model.Group.Axes[0].Parameter.IsActive(values))
                continue;
            if (model.Best(Allows, ref draws, ref left) is not { } point)
                return null;
            for (var j = 0; j < point.Length; j++)
                values.Add(model.Group.Axes[j].Parameter.Name, model.Group.Axes[j].At(point[j]));

            bool Allows(double[] point)
            {
                if (constraints.Count == 0)
                    return true;
                var partial = new Configuration(values.Concat(model.Group.Axes.Select((axis, j) => KeyValuePair.Create(axis.Parameter.Name, axis.At(point[j])))));
                return constraints.All(constraint => constraint.Holds(partial));
            }
        }
        return new Configuration(values);
    }

    private sealed record Model(ParameterGroup Group, ParzenMixture Below, ParzenMixture Above)
    {
        /// <summary>
        /// Draws points from the mixture l of the good runs and returns the first allowed one with the largest ln l(x) − ln g(x), where g
        /// is the mixture of the others; or null.
        /// </summary>
        /// <param name="allows">Whether no constraint excludes a point.</param>
        /// <param name="draws">The random numbers.</param>
        /// <param name="left">The number of points that may still be drawn for the proposal.</param>
        public double[]? Best(Func<double[], bool> allows, ref SplitMix64 draws, ref int left)
        {
            double[]? best = null;
            var bestScore = 0.0;
            for (var (kept, drawn) = (0, 0); kept < Candidates && drawn < MaxDrawsPerGroup && left > 0; drawn++)
            {
                left--;
                var point = Below.Sample(ref draws);
                if (!allows(point))
                    continue;
                kept++;
                var score = Below.LogDensity(point) - Above.LogDensity(point);
                if (best is null || score > bestScore)
                    (best, bestScore) = (point, score);
            }
            return best;
        }
    }
}

/// <summary>The observations split into the best and the others: indices, ascending (docs/search.md, 3).</summary>
internal readonly record struct HistorySplit(int[] Below, int[] Above)
{
    private const double Share = 0.1;
    private const int MaxBelow = 25;

    /// <summary>
    /// Ranks completed runs by value, then pruned ones by (last epoch descending, value), ties by run number. Runs that failed or have no
    /// finite value are the worst, so that the model avoids their region, and are never below. The best min(⌈n/10⌉, 25) are below. Running
    /// runs are above and do not count in n (constant liar). Null with fewer than <paramref name="least"/> runs that have ended or paused,
    /// or without a finite value.
    /// </summary>
    public static HistorySplit? Of(IReadOnlyList<Observation> observations, int least) =>
        Split(observations, least, observation => observation.Kind switch
        {
            ObservationKind.Completed => (int.MinValue, observation.Value),
            ObservationKind.Pruned => (-observation.Epoch, observation.Value),
            ObservationKind.Failed => (int.MaxValue, double.PositiveInfinity),
            _ => null,
        });

    /// <summary>The split by the values at one rung. Runs without a value at this rung are left out, except running ones.</summary>
    public static HistorySplit? At(IReadOnlyList<Observation> observations, int rung, int least) =>
        Split(observations, least, observation => LargestRung.At(observation, rung) is { } value ? (0, value) : null);

    private static HistorySplit? Split(IReadOnlyList<Observation> observations, int least, Func<Observation, (int Tier, double Value)?> score)
    {
        var scores = new (int Tier, double Value)?[observations.Count];
        var (count, finite) = (0, 0);
        for (var i = 0; i < scores.Length; i++)
            if (score(observations[i]) is var (tier, value))
            {
                count++;
                finite += double.IsFinite(value) ? 1 : 0;
                scores[i] = double.IsFinite(value) ? (tier, value) : (int.MaxValue, double.PositiveInfinity);
            }
        if (count < least || finite == 0)
            return null;
        var below = Best(scores, Math.Min(finite, Math.Min((int)Math.Ceiling(Share * count), MaxBelow))).ToHashSet();
        var above = new List<int>(scores.Length);
        for (var i = 0; i < scores.Length; i++)
            if (scores[i] is not null ? !below.Contains(i) : observations[i].Kind == ObservationKind.Running)
                above.Add(i);
        return new HistorySplit([.. below.Order()], [.. above]);
    }

    /// <summary>The indices of the <paramref name="count"/> best scores, in one pass over the history.</summary>
    private static List<int> Best((int Tier, double Value)?[] scores, int count)
    {
        var best = new List<int>(count + 1);
        for (var i = 0; i < scores.Length; i++)
        {
            if (scores[i] is not { } score || (best.Count == count && !Less(score, scores[best[^1]]!.Value)))
                continue;
            var at = best.Count;
            while (at > 0 && Less(score, scores[best[at - 1]]!.Value))
                at--;
            best.Insert(at, i);
            if (best.Count > count)
                best.RemoveAt(count);
        }
        return best;
    }

    private static bool Less((int Tier, double Value) one, (int Tier, double Value) other) =>
        one.Tier < other.Tier || (one.Tier == other.Tier && one.Value < other.Value);
}
