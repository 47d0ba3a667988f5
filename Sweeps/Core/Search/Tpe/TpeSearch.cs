using Sweeps.Core.Space;

namespace Sweeps.Core.Search.Tpe;

/// <summary>
/// The tree-structured Parzen estimator (Bergstra et al. 2011) as in Optuna 5: multivariate, grouped for conditional spaces, running runs
/// counted as bad ones (constant liar). With <paramref name="largestRung"/> it is the model of BOHB (Falkner et al. 2018): fitted to
/// the values of the largest rung, one proposal in three random. A proposal is a function of seed, index, attempt and history.
/// </summary>
/// <param name="space">The search space.</param>
/// <param name="constraints">Constraints that every proposal satisfies.</param>
/// <param name="seed">The sweep's seed.</param>
/// <param name="largestRung">Whether the model is fitted to one rung (BOHB).</param>
public sealed class TpeSearch(SearchSpace space, IReadOnlyList<Constraint> constraints, ulong seed, bool largestRung = false) : ISearch
{
    private const int RandomRuns = 10;
    private const int Candidates = 24;
    private const int MostRejections = 100;
    private const double RandomShare = 1.0 / 3;

    private readonly SequenceSearch random = new(space, constraints, new RandomSequence(seed));
    private readonly IReadOnlyList<ParameterGroup> groups = ParameterGroup.Of(space);
    private readonly CoordinateTable table = new(ParameterGroup.Of(space));
    private (HistorySplit Split, Model[] Models)? fitted;

    public long? Size => null;

    public Configuration? Propose(int index, int attempt, IHistory history)
    {
        var draws = new SplitMix64(SplitMix64.Draw(seed, (ulong)index + ((ulong)attempt << 32), "$tpe"));
        var observations = history.Observations;
        if (Split(observations) is not { } split || (largestRung && draws.NextDouble() < RandomShare))
            return random.Propose(index, attempt, history);
        var models = Fit(split, table.Update(observations));
        for (var i = 0; i < MostRejections; i++)
        {
            var configuration = Draw(models, ref draws);
            if (constraints.All(constraint => constraint.Holds(configuration)))
                return configuration;
        }
        return random.Propose(index, attempt, history);
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

    private HistorySplit? Split(IReadOnlyList<Observation> observations)
    {
        if (!largestRung)
            return HistorySplit.Of(observations, RandomRuns);
        return LargestRung.Of(observations) is { } rung ? HistorySplit.At(observations, rung, RandomRuns) : null;
    }

    private static Configuration Draw(Model[] models, ref SplitMix64 draws)
    {
        var values = new Dictionary<string, Value>();
        foreach (var model in models)
        {
            if (!model.Group.Axes[0].Parameter.IsActive(values))
                continue;
            var point = model.Best(ref draws);
            for (var j = 0; j < point.Length; j++)
                values.Add(model.Group.Axes[j].Parameter.Name, model.Group.Axes[j].At(point[j]));
        }
        return new Configuration(values);
    }

    private sealed record Model(ParameterGroup Group, ParzenMixture Below, ParzenMixture Above)
    {
        /// <summary>Draws points from the good runs' mixture and returns the first with the largest ln l(x) − ln g(x).</summary>
        public double[] Best(ref SplitMix64 draws)
        {
            var best = Below.Sample(ref draws);
            var bestScore = Below.LogDensity(best) - Above.LogDensity(best);
            for (var i = 1; i < Candidates; i++)
            {
                var point = Below.Sample(ref draws);
                var score = Below.LogDensity(point) - Above.LogDensity(point);
                if (score > bestScore)
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
    private const int MostBelow = 25;

    /// <summary>
    /// Completed runs by value, then pruned ones by (last epoch descending, value); equal ones in order. The best min(⌈n/10⌉, 25) are
    /// below. Running ones are above and do not count in n (the constant liar); failed ones are left out. Null with fewer than
    /// <paramref name="least"/> completed or pruned runs.
    /// </summary>
    public static HistorySplit? Of(IReadOnlyList<Observation> observations, int least) =>
        Split(observations, least, observation => observation.Kind switch
        {
            ObservationKind.Completed => (int.MinValue, observation.Value),
            ObservationKind.Pruned => (-observation.Epoch, observation.Value),
            _ => null,
        });

    /// <summary>The split by the values at one rung. Runs without a value there are left out, except running ones.</summary>
    public static HistorySplit? At(IReadOnlyList<Observation> observations, int rung, int least) =>
        Split(observations, least, observation => LargestRung.At(observation, rung) is { } value ? (0, value) : null);

    private static HistorySplit? Split(IReadOnlyList<Observation> observations, int least, Func<Observation, (int Tier, double Value)?> score)
    {
        var scores = new (int Tier, double Value)?[observations.Count];
        var count = 0;
        for (var i = 0; i < scores.Length; i++)
            if (score(observations[i]) is var (tier, value))
            {
                scores[i] = (tier, double.IsNaN(value) ? double.PositiveInfinity : value);
                count++;
            }
        if (count < least)
            return null;
        var below = Best(scores, Math.Min((int)Math.Ceiling(Share * count), MostBelow)).ToHashSet();
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
