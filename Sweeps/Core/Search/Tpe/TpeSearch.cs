using Sweeps.Core.Space;

namespace Sweeps.Core.Search.Tpe;

/// <summary>
/// The tree-structured Parzen estimator (Bergstra et al. 2011) with the rules of Optuna 5: multivariate, grouped for conditional spaces,
/// running runs as bad ones (constant liar). With <paramref name="largestRung"/> it is the model of BOHB (Falkner et al. 2018): fitted to
/// the values of the largest rung, one proposal in three random. A proposal is a function of seed, index, attempt and history.
/// </summary>
/// <param name="space">What is searched.</param>
/// <param name="constraints">What every proposal fulfils.</param>
/// <param name="seed">The sweep's seed.</param>
/// <param name="largestRung">Whether the model is fitted to one rung (BOHB).</param>
public sealed class TpeSearch(SearchSpace space, IReadOnlyList<Constraint> constraints, ulong seed, bool largestRung = false) : ISearch
{
    private const int RandomRuns = 10;
    private const int Candidates = 24;
    private const int MostRejections = 100;
    private const double RandomShare = 1.0 / 3;

    private readonly SequenceSearch random = new(space, constraints, new RandomSequence(seed));
    private readonly IReadOnlyList<AxisGroup> groups = AxisGroup.Of(space);
    private readonly CoordinateTable table = new(AxisGroup.Of(space));
    private (Ranking Ranking, Model[] Models)? fitted;

    /// <inheritdoc/>
    public long? Size => null;

    /// <inheritdoc/>
    public Configuration? Propose(int index, int attempt, IHistory history)
    {
        var draws = new SplitMix64(SplitMix64.Draw(seed, (ulong)index + ((ulong)attempt << 32), "$tpe"));
        var observations = history.Observations;
        if (Rank(observations) is not { } ranking || (largestRung && draws.NextDouble() < RandomShare))
            return random.Propose(index, attempt, history);
        var models = Fit(ranking, table.Update(observations));
        for (var i = 0; i < MostRejections; i++)
        {
            var configuration = Draw(models, ref draws);
            if (constraints.All(constraint => constraint.Holds(configuration)))
                return configuration;
        }
        return random.Propose(index, attempt, history);
    }

    /// <summary>The models of a ranking. The last ones are kept: drawing a repeated proposal again needs no new ones.</summary>
    private Model[] Fit(Ranking ranking, bool changed)
    {
        if (changed || fitted is not { } last || !last.Ranking.Below.AsSpan().SequenceEqual(ranking.Below)
            || !last.Ranking.Above.AsSpan().SequenceEqual(ranking.Above))
            fitted = last = (ranking, [.. groups.Select((group, g) => new Model(group, Mixture(ranking.Below, g), Mixture(ranking.Above, g)))]);
        return last.Models;

        ParzenMixture Mixture(int[] chosen, int g) => new(groups[g].Axes, table.Columns(g, chosen));
    }

    private Ranking? Rank(IReadOnlyList<Observation> observations)
    {
        if (!largestRung)
            return Ranking.Of(observations, RandomRuns);
        return LargestRung.Of(observations) is { } rung ? Ranking.At(observations, rung, RandomRuns) : null;
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

    private sealed record Model(AxisGroup Group, ParzenMixture Below, ParzenMixture Above)
    {
        /// <summary>Of the points drawn from the good runs' mixture the first with the largest ln l(x) − ln g(x).</summary>
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
