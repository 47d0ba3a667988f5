using Sweeps.Core.Space;

namespace Sweeps.Analysis;

/// <summary>
/// PED-ANOVA (Watanabe et al. 2023) as in Optuna 5: how much each parameter's values among the best runs differ from its values among all.
/// A conditional parameter counts on the runs that have it.
/// </summary>
public static class PedAnova
{
    private const double Smallest = 1e-12;
    private const int LeastRuns = 2;

    /// <summary>
    /// The importance of every parameter with more than one value, most important first. <paramref name="share"/> in (0, 1]: which part of
    /// the runs is called good; those as good as the last of them are among them. Values rank only, so that +∞ is the worst value.
    /// </summary>
    public static IReadOnlyList<ParameterImportance> Of(SearchSpace space, IReadOnlyList<Sample> samples, double share = 0.1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(share);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(share, 1);
        var all = samples.Where(sample => !double.IsNaN(sample.Value)).ToArray();
        if (all.Length < LeastRuns)
            return [];
        var cutoff = all.Select(sample => sample.Value).Order().ElementAt((int)Math.Ceiling(share * all.Length) - 1);
        var good = all.Where(sample => sample.Value <= cutoff).ToArray();
        return ParameterImportance.Ranked([.. space.Parameters
            .Where(parameter => parameter.Distribution.Domain is not Domain.Categories { Values.Count: 1 })
            .Select(parameter => (parameter.Name, Divergence(parameter, good, all)))]);
    }

    /// <summary>
    /// (|good|/N)²·α²/β·D over the regime in which the parameter is active, α and β its shares of the good and of all runs.
    /// </summary>
    private static double Divergence(Parameter parameter, Sample[] good, Sample[] all)
    {
        var grid = ParameterGrid.Of(parameter.Distribution.Domain);
        var goodCounts = grid.Count(good.Select(sample => sample.Configuration[parameter.Name]));
        var allCounts = grid.Count(all.Select(sample => sample.Configuration[parameter.Name]));
        var (goodActive, active) = (goodCounts.Sum(), allCounts.Sum());
        if (active < LeastRuns || goodActive == 0)
            return 0;
        var (p, q) = (grid.Density(goodCounts), grid.Density(allCounts));
        var divergence = 0.0;
        for (var i = 0; i < p.Length; i++)
        {
            var ratio = (p[i] + Smallest) / (q[i] + Smallest) - 1;
            divergence += (q[i] + Smallest) * ratio * ratio;
        }
        var (alpha, beta, target) = ((double)goodActive / good.Length, (double)active / all.Length, (double)good.Length / all.Length);
        return target * target * alpha * alpha / beta * divergence;
    }
}
