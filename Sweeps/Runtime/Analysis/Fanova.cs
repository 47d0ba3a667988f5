using Sweeps.Core;
using Sweeps.Core.Search;
using Sweeps.Core.Space;

namespace Sweeps.Analysis;

/// <summary>
/// fANOVA (Hutter et al. 2014): the share of the variance of a random forest over the space that each parameter explains by itself. The space
/// is scaled to the unit cube, so every decade of a logarithmic parameter has the same weight. The effect of a conditional parameter is
/// computed over the runs that have it and weighted with their share.
/// </summary>
public static class Fanova
{
    /// <summary>
    /// The main effects of the parameters with more than one value, in descending order; empty with fewer than two runs. A value that is not
    /// finite is replaced by the worst finite one. The same seed gives the same result.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="trees"/> is not positive.</exception>
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

/// <summary>The training data of a forest: coordinates by axis, and finite values.</summary>
internal sealed class ForestData
{
    public ForestData(IReadOnlyList<ForestAxis> axes, IReadOnlyList<Sample> samples)
    {
        Axes = axes;
        var worst = samples.Select(sample => sample.Value).Where(double.IsFinite).DefaultIfEmpty().Max();
        Values = [.. samples.Select(sample => double.IsFinite(sample.Value) ? sample.Value : worst)];
        Columns = new double[axes.Count][];
        Active = new bool[axes.Count][];
        for (var j = 0; j < axes.Count; j++)
        {
            var column = samples.Select(sample => axes[j].Coordinate(sample.Configuration[axes[j].Name])).ToArray();
            Active[j] = Array.ConvertAll(column, x => x is not null);
            Columns[j] = Array.ConvertAll(column, x => x ?? (axes[j].Categories is null ? 0.5 : 0));
        }
    }

    public IReadOnlyList<ForestAxis> Axes { get; }

    public int Count => Values.Length;

    public double[] Values { get; }

    /// <summary>The coordinates (axis, run); of a run without the parameter ½ for a number and 0, the first category, for a categorical one.</summary>
    public double[][] Columns { get; }

    /// <summary>Whether a run has the parameter (axis, run).</summary>
    public bool[][] Active { get; }
}

/// <summary>The variance of a tree over the unit cube, and the part that one axis explains by itself.</summary>
internal sealed class TreeVariance
{
    private readonly ForestData data;
    private readonly IReadOnlyList<Leaf> leaves;
    private readonly double[] volumes;
    private readonly double mean;

    public TreeVariance(ForestData data, IReadOnlyList<Leaf> leaves)
    {
        (this.data, this.leaves) = (data, leaves);
        volumes = new double[leaves.Count];
        for (var l = 0; l < volumes.Length; l++)
        {
            volumes[l] = 1;
            for (var j = 0; j < data.Axes.Count; j++)
                volumes[l] *= leaves[l].Ranges[j].Share(data.Axes[j]);
            mean += volumes[l] * leaves[l].Value;
        }
        for (var l = 0; l < volumes.Length; l++)
            Total += volumes[l] * (leaves[l].Value - mean) * (leaves[l].Value - mean);
    }

    /// <summary>The variance of the tree.</summary>
    public double Total { get; }

    /// <summary>The variance of the tree's mean as a function of one axis, averaged over the other axes.</summary>
    public double Of(int axis)
    {
        var weights = data.Axes[axis].IsConditional ? ActiveShares(axis) : CubeShares(axis);
        var variance = data.Axes[axis].Categories is { } categories ? OverCategories(axis, categories, weights) : OverNumbers(axis, weights);
        return data.Axes[axis].IsConditional ? variance * data.Active[axis].Count(active => active) / data.Count : variance;
    }

    /// <summary>For each leaf, the volume of its box over all other axes.</summary>
    private double[] CubeShares(int axis) =>
        [.. volumes.Select((volume, l) => volume / leaves[l].Ranges[axis].Share(data.Axes[axis]))];

    /// <summary>For each leaf, the share of the runs with the parameter that lie in its box over all other axes.</summary>
    private double[] ActiveShares(int axis)
    {
        var active = Enumerable.Range(0, data.Count).Where(run => data.Active[axis][run]).ToArray();
        return [.. leaves.Select(leaf => active.Count(run => Holds(leaf, run, axis)) / (double)Math.Max(1, active.Length))];
    }

    private bool Holds(Leaf leaf, int run, int except)
    {
        for (var j = 0; j < leaf.Ranges.Length; j++)
            if (j != except && !leaf.Ranges[j].Contains(data.Columns[j][run]))
                return false;
        return true;
    }

    private double OverCategories(int axis, int categories, double[] weights)
    {
        var means = new double[categories];
        for (var l = 0; l < weights.Length; l++)
            for (var c = 0; c < categories; c++)
                if (leaves[l].Ranges[axis].Contains(c))
                    means[c] += weights[l] * leaves[l].Value;
        return Variance(means, Enumerable.Repeat(1.0 / categories, categories).ToArray());
    }

    /// <summary>Sweeps over the sorted thresholds: each leaf adds its value at its lower end and removes it at its upper end.</summary>
    private double OverNumbers(int axis, double[] weights)
    {
        var ends = leaves.SelectMany(leaf => new[] { leaf.Ranges[axis].Low, leaf.Ranges[axis].High }).Distinct().Order().ToArray();
        var changes = new double[ends.Length];
        for (var l = 0; l < weights.Length; l++)
        {
            changes[Array.BinarySearch(ends, leaves[l].Ranges[axis].Low)] += weights[l] * leaves[l].Value;
            changes[Array.BinarySearch(ends, leaves[l].Ranges[axis].High)] -= weights[l] * leaves[l].Value;
        }
        var (means, widths) = (new double[ends.Length - 1], new double[ends.Length - 1]);
        for (var (i, sum) = (0, 0.0); i < means.Length; i++)
            (means[i], widths[i]) = (sum += changes[i], ends[i + 1] - ends[i]);
        return Variance(means, widths);
    }

    private static double Variance(double[] means, double[] shares)
    {
        var average = means.Zip(shares).Sum(pair => pair.First * pair.Second);
        return means.Zip(shares).Sum(pair => pair.Second * (pair.First - average) * (pair.First - average));
    }
}

/// <summary>A parameter as an axis of a forest: a number in [0, 1], or the index of a category.</summary>
internal sealed class ForestAxis(Parameter parameter)
{
    /// <summary>The number of bits of <see cref="AxisRange.Members"/>. Categories beyond it are treated as the last one.</summary>
    public const int MaxCategories = 64;

    private readonly ParameterAxis axis = new(parameter);

    public string Name => parameter.Name;

    public bool IsConditional => parameter.When.Count > 0;

    /// <summary>The number of categories, or null for a number.</summary>
    public int? Categories => axis.Scale is null ? Math.Min(MaxCategories, axis.Categories.Count) : null;

    /// <summary>The coordinate of a value; null if it is absent or outside the parameter's domain.</summary>
    public double? Coordinate(Value? value) =>
        axis.Unit(value) is { } coordinate ? Math.Min(coordinate, axis.Scale is null ? MaxCategories - 1 : 1) : null;
}
