using Sweeps.Core;
using Sweeps.Core.Search.Tpe;
using Sweeps.Core.Space;

namespace Sweeps.Analysis;

/// <summary>
/// PED-ANOVA (Watanabe et al. 2023) as in Optuna 5: the Pearson divergence of the distribution of a parameter among the best runs from that among
/// all runs. A conditional parameter is measured over the runs that have it.
/// </summary>
public static class PedAnova
{
    private const double Smallest = 1e-12;
    private const int MinRuns = 2;

    /// <summary>
    /// The importances of the parameters with more than one value, in descending order. Only the ranks of the values matter, so +∞ is the worst
    /// value. <paramref name="share"/> in (0, 1] is the share of the best runs; runs that tie with the last of them are included.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="share"/> is outside (0, 1].</exception>
    public static IReadOnlyList<ParameterImportance> Of(SearchSpace space, IReadOnlyList<Sample> samples, double share = 0.1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(share);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(share, 1);
        var all = samples.Where(sample => !double.IsNaN(sample.Value)).ToArray();
        if (all.Length < MinRuns)
            return [];
        var cutoff = all.Select(sample => sample.Value).Order().ElementAt((int)Math.Ceiling(share * all.Length) - 1);
        var good = all.Where(sample => sample.Value <= cutoff).ToArray();
        return ParameterImportance.Ranked([.. space.Parameters
            .Where(parameter => parameter.Distribution.Domain is not Domain.Categories { Values.Count: 1 })
            .Select(parameter => (parameter.Name, Divergence(parameter, good, all)))]);
    }

    /// <summary>
    /// (|good|/N)²·α²/β·D, where D is the divergence over the runs with the parameter, and α and β are their shares of the good and of all runs.
    /// </summary>
    private static double Divergence(Parameter parameter, Sample[] good, Sample[] all)
    {
        var grid = ParameterGrid.Of(parameter.Distribution.Domain);
        var goodCounts = grid.Count(good.Select(sample => sample.Configuration[parameter.Name]));
        var allCounts = grid.Count(all.Select(sample => sample.Configuration[parameter.Name]));
        var (goodActive, active) = (goodCounts.Sum(), allCounts.Sum());
        if (active < MinRuns || goodActive == 0)
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

/// <summary>Discretises the values of a parameter to a grid, with a discrete Parzen density over it.</summary>
internal abstract class ParameterGrid
{
    public static ParameterGrid Of(Domain domain) => domain switch
    {
        Domain.Categories categories => new CategoryGrid(categories.Values),
        Domain.Range range => new NumberGrid(range),
        _ => throw new ArgumentOutOfRangeException(nameof(domain), domain, "There is no grid for this domain."),
    };

    /// <summary>The number of points.</summary>
    protected abstract int Points { get; }

    /// <summary>The number of values at each point, without absent values.</summary>
    public int[] Count(IEnumerable<Value?> values)
    {
        var counts = new int[Points];
        foreach (var value in values)
            if (value is not null && Nearest(value) is { } point)
                counts[point]++;
        return counts;
    }

    /// <summary>
    /// The probability of each point: the kernels are weighted by their counts, and a prior kernel has weight 1.
    /// </summary>
    public abstract double[] Density(int[] counts);

    /// <summary>The point nearest to a value; null for a value outside the domain.</summary>
    protected abstract int? Nearest(Value value);
}

/// <summary>
/// At most 50 equidistant points on the range, or on its logarithm, with a Parzen density: one normal kernel per occupied point, truncated half a
/// point beyond both ends, all with the standard deviation of Scott's rule.
/// </summary>
internal sealed class NumberGrid : ParameterGrid
{
    private const int MaxPoints = 50;
    private const double MinDeviation = 0.5 / 1.64;

    private readonly Domain.Range range;
    private readonly double low;
    private readonly double high;

    public NumberGrid(Domain.Range range)
    {
        this.range = range;
        (low, high) = (Coordinate(range.Low), Coordinate(range.High));
        Points = Size(range);
    }

    protected override int Points { get; }

    public override double[] Density(int[] counts)
    {
        var deviation = Deviation(counts);
        var density = new double[Points];
        for (var point = 0; point < Points; point++)
            if (counts[point] > 0)
                Add(density, point, deviation, counts[point]);
        Add(density, (Points - 1) / 2.0, Points, 1);
        var total = counts.Sum() + 1.0;
        return Array.ConvertAll(density, mass => mass / total);
    }

    protected override int? Nearest(Value value)
    {
        if (value.AsDouble() is not { } number || !double.IsFinite(number))
            return null;
        if (Points == 1)
            return 0;
        var at = (Coordinate(Math.Clamp(number, range.Low, range.High)) - low) / (high - low) * (Points - 1);
        return Math.Clamp((int)Math.Ceiling(at - 0.5), 0, Points - 1);
    }

    private static int Size(Domain.Range range)
    {
        if (range.High <= range.Low)
            return 1;
        if (range.Step <= 0)
            return MaxPoints;
        var values = Math.Round((range.High - range.Low) / range.Step) + 1;
        return (int)Math.Min(MaxPoints, range.Logarithmic ? Math.Ceiling(Math.Log2(range.High - range.Low + 1)) + 1 : values);
    }

    /// <summary>Scott's rule, in points: 1.059·min(IQR / 1.34, s)·W^(−1/5) with W the number of values, at least 0.5/1.64.</summary>
    private static double Deviation(int[] counts)
    {
        var total = counts.Sum();
        var mean = counts.Select((count, point) => (double)count * point).Sum() / total;
        var variance = counts.Select((count, point) => count * (point - mean) * (point - mean)).Sum() / Math.Max(1, total - 1);
        var occupied = Enumerable.Range(0, counts.Length).Where(point => counts[point] > 0).ToArray();
        var (lower, upper, sum) = (-1, occupied[^1], 0);
        foreach (var point in occupied)
        {
            sum += counts[point];
            if (lower < 0 && sum >= total / 4)
                lower = point;
            if (sum > total * 3L / 4)
            {
                upper = point;
                break;
            }
        }
        return Math.Max(1.059 * Math.Min((upper - lower) / 1.34, Math.Sqrt(variance)) * Math.Pow(total, -0.2), MinDeviation);
    }

    private static void Add(double[] density, double mean, double deviation, double weight)
    {
        var whole = TruncatedNormal.LogMass((-0.5 - mean) / deviation, (density.Length - 0.5 - mean) / deviation);
        for (var point = 0; point < density.Length; point++)
            density[point] += weight * Math.Exp(
                TruncatedNormal.LogMass((point - 0.5 - mean) / deviation, (point + 0.5 - mean) / deviation) - whole);
    }

    private double Coordinate(double x) => range.Logarithmic ? Math.Log(x) : x;
}

/// <summary>One point per category, with the categorical kernels of Optuna's Parzen estimator.</summary>
internal sealed class CategoryGrid(IReadOnlyList<Value> values) : ParameterGrid
{
    protected override int Points => values.Count;

    public override double[] Density(int[] counts)
    {
        var total = counts.Sum() + 1.0;
        var kernels = counts.Count(count => count > 0);
        var other = 1 / (kernels + 1.0 + Points);
        var own = (kernels + 2) * other;
        return Array.ConvertAll(counts, count => (count * own + (total - 1 - count) * other + 1.0 / Points) / total);
    }

    protected override int? Nearest(Value value)
    {
        for (var i = 0; i < values.Count; i++)
            if (ValueComparison.Same(values[i], value))
                return i;
        return null;
    }
}
