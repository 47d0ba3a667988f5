namespace Sweeps.Analysis;

/// <summary>The variance of a tree over the unit cube, and how much of it one axis explains by itself.</summary>
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
                volumes[l] *= leaves[l].Sides[j].Share(data.Axes[j]);
            mean += volumes[l] * leaves[l].Value;
        }
        for (var l = 0; l < volumes.Length; l++)
            Total += volumes[l] * (leaves[l].Value - mean) * (leaves[l].Value - mean);
    }

    /// <summary>The variance of the tree.</summary>
    public double Total { get; }

    /// <summary>The variance of the tree's mean as a function of one axis, the other axes averaged out.</summary>
    public double Of(int axis)
    {
        var weights = data.Axes[axis].IsConditional ? ActiveShares(axis) : CubeShares(axis);
        var variance = data.Axes[axis].Categories is { } categories ? OverCategories(axis, categories, weights) : OverNumbers(axis, weights);
        return data.Axes[axis].IsConditional ? variance * data.Active[axis].Count(active => active) / data.Count : variance;
    }

    /// <summary>For each leaf the volume of its box along all other axes.</summary>
    private double[] CubeShares(int axis) =>
        [.. volumes.Select((volume, l) => volume / leaves[l].Sides[axis].Share(data.Axes[axis]))];

    /// <summary>For each leaf the share of the runs that have the parameter and lie in its box along all other axes.</summary>
    private double[] ActiveShares(int axis)
    {
        var active = Enumerable.Range(0, data.Count).Where(run => data.Active[axis][run]).ToArray();
        return [.. leaves.Select(leaf => active.Count(run => Holds(leaf, run, axis)) / (double)Math.Max(1, active.Length))];
    }

    private bool Holds(Leaf leaf, int run, int except)
    {
        for (var j = 0; j < leaf.Sides.Length; j++)
            if (j != except && !leaf.Sides[j].Contains(data.Columns[j][run]))
                return false;
        return true;
    }

    private double OverCategories(int axis, int categories, double[] weights)
    {
        var means = new double[categories];
        for (var l = 0; l < weights.Length; l++)
            for (var c = 0; c < categories; c++)
                if (leaves[l].Sides[axis].Contains(c))
                    means[c] += weights[l] * leaves[l].Value;
        return Variance(means, Enumerable.Repeat(1.0 / categories, categories).ToArray());
    }

    /// <summary>The tree is constant between two neighbouring thresholds: what each leaf adds begins at one and ends at another.</summary>
    private double OverNumbers(int axis, double[] weights)
    {
        var ends = leaves.SelectMany(leaf => new[] { leaf.Sides[axis].Low, leaf.Sides[axis].High }).Distinct().Order().ToArray();
        var changes = new double[ends.Length];
        for (var l = 0; l < weights.Length; l++)
        {
            changes[Array.BinarySearch(ends, leaves[l].Sides[axis].Low)] += weights[l] * leaves[l].Value;
            changes[Array.BinarySearch(ends, leaves[l].Sides[axis].High)] -= weights[l] * leaves[l].Value;
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
