using Sweeps.Core;
using Ladder = Sweeps.Core.EarlyStopping.Rungs;

namespace Sweeps.Spec;

/// <summary>A rule that ends runs early, with the epochs at which it compares them.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Rungs">The epochs at which runs are compared, ascending; empty for a rule without rungs, and for one with brackets.</param>
/// <param name="Brackets">Synchronous brackets in the order of opening: how many runs reach which epoch.</param>
public sealed record RuleRungs(
    EarlyTermination Rule, IReadOnlyList<int> Rungs, IReadOnlyList<IReadOnlyList<(int Runs, int Epoch)>> Brackets)
{
    /// <summary>The rungs of a rule in a sweep whose runs train at most so many epochs.</summary>
    public static RuleRungs Of(EarlyTermination rule, int mostEpochs) => rule switch
    {
        EarlyTermination.Asha asha => new(rule, Geometric(asha.MinIter, asha.MaxIter, asha.Eta, mostEpochs), []),
        EarlyTermination.AshaStopping asha => new(rule, Geometric(asha.MinIter, asha.MaxIter, asha.Eta, mostEpochs), []),
        EarlyTermination.WandbHyperband bands => new(rule, Ladder.Bands(bands.MinIter, bands.MaxIter, bands.S, bands.Eta, mostEpochs), []),
        EarlyTermination.SuccessiveHalving halving => new(rule, [], [Bracket(halving.MinIter, halving.MaxIter, halving.Eta, 0)]),
        EarlyTermination.HyperbandBrackets all => new(rule, [], [.. Enumerable.Range(0, Ladder.Exponent(all.MaxIter / all.MinIter, all.Eta) + 1)
            .Select(skipped => Bracket(all.MinIter, all.MaxIter, all.Eta, skipped))]),
        _ => new(rule, [], []),
    };

    private static int[] Geometric(int first, int last, int eta, int mostEpochs) => Ladder.Geometric(first, Math.Min(last, mostEpochs), eta);

    private static List<(int Runs, int Epoch)> Bracket(int first, int last, int eta, int skipped)
    {
        var most = Ladder.Exponent(last / first, eta);
        var runs = Ladder.BracketSize(most, eta, most - skipped);
        var levels = new List<(int, int)>();
        foreach (var epoch in Ladder.Levels(first, last, eta, most - skipped))
        {
            levels.Add((runs, epoch));
            runs = Math.Max(1, runs / eta);
        }
        return levels;
    }
}
