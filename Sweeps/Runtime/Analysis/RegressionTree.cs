using System.Numerics;

namespace Sweeps.Analysis;

/// <summary>
/// A fully grown regression tree (CART, Breiman et al. 1984). Each node is split where the squared error decreases most: at the midpoint of two
/// numbers, or between one category and the others. A node is a leaf if its values are equal, no split decreases the error, or its depth is 64.
/// </summary>
internal sealed class RegressionTree
{
    private const int MaxDepth = 64;

    private readonly ForestData data;
    private readonly int[] runs;
    private readonly double[] keys;
    private readonly List<Leaf> leaves = [];

    private RegressionTree(ForestData data, int[] runs)
    {
        (this.data, this.runs, keys) = (data, runs, new double[runs.Length]);
    }

    /// <summary>Fits a tree to a bootstrap sample of runs and returns its leaves. Reorders <paramref name="runs"/>.</summary>
    public static IReadOnlyList<Leaf> Grow(ForestData data, int[] runs)
    {
        var tree = new RegressionTree(data, runs);
        tree.Split(0, runs.Length, [.. data.Axes.Select(AxisRange.Whole)], 0);
        return tree.leaves;
    }

    private void Split(int start, int end, AxisRange[] ranges, int depth)
    {
        var members = runs.AsSpan(start, end - start);
        var (sum, pure) = (0.0, true);
        foreach (var run in members)
        {
            sum += data.Values[run];
            pure &= data.Values[run] == data.Values[members[0]];
        }
        if (pure || depth == MaxDepth || BestCut(start, end, sum) is not { } cut)
        {
            leaves.Add(new Leaf(ranges, sum / members.Length));
            return;
        }
        var (inside, outside) = cut.Halves(ranges[cut.Axis]);
        var middle = Partition(start, end, cut.Axis, inside);
        Split(start, middle, With(ranges, cut.Axis, inside), depth + 1);
        Split(middle, end, With(ranges, cut.Axis, outside), depth + 1);
    }

    private Cut? BestCut(int start, int end, double sum)
    {
        Cut? best = null;
        var bestGain = sum * sum / (end - start) * (1 + 1e-12);
        for (var axis = 0; axis < data.Axes.Count; axis++)
        {
            var (cut, gain) = data.Axes[axis].Categories is { } categories
                ? CutCategories(axis, categories, start, end, sum)
                : CutNumbers(axis, start, end, sum);
            if (gain > bestGain)
                (best, bestGain) = (cut, gain);
        }
        return best;
    }

    /// <summary>The threshold with the largest (Σ left)²/n + (Σ right)²/n.</summary>
    private (Cut Cut, double Gain) CutNumbers(int axis, int start, int end, double sum)
    {
        var column = data.Columns[axis];
        for (var i = start; i < end; i++)
            keys[i] = column[runs[i]];
        Array.Sort(keys, runs, start, end - start);
        var (cut, best, left) = (default(Cut), double.NegativeInfinity, 0.0);
        for (var i = start; i < end - 1; i++)
        {
            left += data.Values[runs[i]];
            if (keys[i] == keys[i + 1])
                continue;
            var gain = left * left / (i + 1 - start) + (sum - left) * (sum - left) / (end - i - 1);
            if (gain > best)
                (cut, best) = (new Cut(axis, Between(keys[i], keys[i + 1]), null), gain);
        }
        return (cut, best);
    }

    /// <summary>The midpoint; for two adjacent doubles the lower one, because a midpoint rounded up would put both numbers on the same side.</summary>
    private static double Between(double low, double high)
    {
        var middle = (low + high) / 2;
        return middle < high ? middle : low;
    }

    private (Cut Cut, double Gain) CutCategories(int axis, int categories, int start, int end, double sum)
    {
        var (sums, counts) = (new double[categories], new int[categories]);
        for (var i = start; i < end; i++)
        {
            var category = (int)data.Columns[axis][runs[i]];
            sums[category] += data.Values[runs[i]];
            counts[category]++;
        }
        var (cut, best) = (default(Cut), double.NegativeInfinity);
        for (var c = 0; c < categories; c++)
        {
            if (counts[c] == 0 || counts[c] == end - start)
                continue;
            var gain = sums[c] * sums[c] / counts[c] + (sum - sums[c]) * (sum - sums[c]) / (end - start - counts[c]);
            if (gain > best)
                (cut, best) = (new Cut(axis, 0, c), gain);
        }
        return (cut, best);
    }

    /// <summary>Moves the runs in the range to the front and returns the index of the first other run.</summary>
    private int Partition(int start, int end, int axis, AxisRange inside)
    {
        var middle = start;
        for (var i = start; i < end; i++)
            if (inside.Contains(data.Columns[axis][runs[i]]))
            {
                (runs[middle], runs[i]) = (runs[i], runs[middle]);
                middle++;
            }
        return middle;
    }

    private static AxisRange[] With(AxisRange[] ranges, int axis, AxisRange range)
    {
        var changed = (AxisRange[])ranges.Clone();
        changed[axis] = range;
        return changed;
    }

    private readonly record struct Cut(int Axis, double Threshold, int? Category)
    {
        public (AxisRange Inside, AxisRange Outside) Halves(AxisRange range) => Category is { } c
            ? (range with { Members = 1UL << c }, range with { Members = range.Members & ~(1UL << c) })
            : (range with { High = Threshold }, range with { Low = Threshold });
    }
}

/// <summary>The range of a leaf on one axis: an interval of [0, 1], or a set of categories.</summary>
/// <param name="Low">The lower end of an interval.</param>
/// <param name="High">The upper end of an interval.</param>
/// <param name="Members">One bit per category, 0 for a number.</param>
internal readonly record struct AxisRange(double Low, double High, ulong Members)
{
    public static AxisRange Whole(ForestAxis axis) =>
        new(0, 1, axis.Categories is { } k ? ulong.MaxValue >> ForestAxis.MaxCategories - k : 0);

    /// <summary>The share of the axis that the range covers, in [0, 1].</summary>
    public double Share(ForestAxis axis) => axis.Categories is { } k ? BitOperations.PopCount(Members) / (double)k : High - Low;

    /// <summary>Whether the range contains a coordinate. The lower end of an interval is excluded unless it is 0.</summary>
    public bool Contains(double x) => Members != 0 ? (Members >> (int)x & 1) != 0 : (x > Low || Low <= 0) && x <= High;
}

/// <summary>A leaf of a tree: its box and the mean value of its runs.</summary>
internal sealed record Leaf(AxisRange[] Ranges, double Value);
