using Sweeps.Core;
using Sweeps.Core.Space;

namespace Sweeps.Analysis;

/// <summary>
/// fANOVA (Hutter et al. 2014): the share of a random forest's variance over the whole space that each parameter explains by itself. The
/// space is the unit cube, so that a logarithmic parameter's decades count alike. A conditional parameter is varied on the runs that have
/// it, and counts by their share.
/// </summary>
public static class Fanova
{
    /// <summary>
    /// The main effect of every parameter with more than one value, most important first; empty with fewer than two runs. Values that are
    /// not finite count as the worst finite one. The same arguments give the same answer.
    /// </summary>
    public static IReadOnlyList<ParameterImportance> Of(SearchSpace space, IReadOnlyList<Sample> samples, ulong seed = 0, int trees = 64)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(trees);
        var axes = space.Parameters.Select(parameter => new ForestAxis(parameter)).Where(axis => axis.Categories != 1).ToArray();
        if (samples.Count < 2 || axes.Length == 0)
            return [];
        var data = new ForestData(axes, samples);
        var effects = new double[axes.Length];
        var random = new SplitMix64(SplitMix64.Draw(seed, 0, "$forest"));
        for (var (tree, counted) = (0, 0); tree < trees; tree++)
        {
            var leaves = RegressionTree.Grow(data, Bootstrap(data.Count, ref random));
            var effect = new TreeVariance(data, leaves);
            if (effect.Total <= 0)
                continue;
            counted++;
            for (var j = 0; j < axes.Length; j++)
                effects[j] += (effect.Of(j) / effect.Total - effects[j]) / counted;
        }
        return ParameterImportance.Ranked([.. axes.Select((axis, j) => (axis.Name, effects[j]))]);
    }

    private static int[] Bootstrap(int count, ref SplitMix64 random)
    {
        var chosen = new int[count];
        for (var i = 0; i < count; i++)
            chosen[i] = (int)(random.NextDouble() * count);
        return chosen;
    }
}
