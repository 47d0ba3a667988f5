using System.Globalization;
using Sweeps.Core;
using Sweeps.Core.Rules;
using Sweeps.Core.Search;
using Sweeps.Core.Search.Bayes;
using Sweeps.Core.Search.Tpe;

namespace Sweeps.Files;

/// <summary>Warns about valid sweeps that probably do not do what their author intended.</summary>
internal static class SpecWarnings
{
    /// <summary>The warnings about a valid sweep.</summary>
    /// <param name="spec">The sweep.</param>
    /// <param name="runs">The maximum number of runs; null if it is unlimited.</param>
    /// <param name="cost">The epochs; null if they are unlimited.</param>
    public static IEnumerable<Diagnostic> Of(SweepSpec spec, long? runs, EpochCost? cost)
    {
        if (cost is null && (runs is null || !spec.OpenEnded) && spec.Budget.WallTime is null && spec.Objective.Target is null)
            yield return Warning("This sweep runs until it is stopped by hand: to end it, add 'run_cap', 'budget' or 'metric.target'.");
        if (RandomRuns(spec) is { } random && runs <= random)
            yield return Warning(string.Create(CultureInfo.InvariantCulture,
                $"'{spec.Method.Name}' proposes its first {random} configurations at random, and this sweep has at most {runs}: it is random search."));
        foreach (var rule in spec.Rules)
            if (Beyond(rule, spec, runs) is { } beyond)
                yield return Warning(beyond);
    }

    /// <summary>The number of configurations that a model-based search proposes at random at its start; null for other methods.</summary>
    private static int? RandomRuns(SweepSpec spec) =>
        spec.Method == SearchMethod.Tpe ? TpeSearch.RandomRuns
        : spec.Method == SearchMethod.Bayes ? BayesSearch.RandomRuns
        : null;

    /// <summary>
    /// Returns a warning if a rule has no rung below the last epoch, or if too few runs start for one to be expected beyond a rung, since only one in η is
    /// promoted; else null.
    /// </summary>
    private static string? Beyond(RuleSpec rule, SweepSpec spec, long? runs)
    {
        if (rule is WandbHyperbandSpec && rule.Plan(spec.MaxEpochs)!.Rungs.Count == 0)
            return "'hyperband' has no band below the last epoch, so it stops no run: choose a larger 'max_iter', a smaller 'eta', or 'min_iter'.";
        if (rule is not AshaSpec { Eta: var eta } asha || runs is not { } left)
            return null;
        var rungs = asha.Plan(spec.MaxEpochs).Rungs;
        var reaching = new List<string>();
        foreach (var rung in rungs)
        {
            reaching.Add(string.Create(CultureInfo.InvariantCulture, $"{left}@{rung}"));
            left /= eta;
            if (left == 0)
                return string.Create(CultureInfo.InvariantCulture,
                    $"With {runs} runs, of which 1 in {eta} goes on at each rung ({string.Join(' ', reaching)}), no run is expected to pass epoch {rung} of "
                    + $"{Math.Min(spec.MaxEpochs, spec.LastEpoch)}: start at least {Power(eta, rungs.Count)} runs, or raise 'min_iter'.");
        }
        return null;
    }

    private static long Power(long eta, int exponent)
    {
        var power = 1L;
        for (var i = 0; i < exponent && power < int.MaxValue; i++)
            power *= eta;
        return power;
    }

    private static Diagnostic Warning(string message) => new(null, message);
}
