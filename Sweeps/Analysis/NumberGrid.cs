using Sweeps.Core;
using Sweeps.Core.Search.Tpe;
using Sweeps.Core.Space;

namespace Sweeps.Analysis;

/// <summary>
/// At most 50 points from low to high on the (logarithmic) range, and Scott's Parzen density: one normal kernel per occupied point, all
/// with the same deviation, truncated to half a point beyond both ends.
/// </summary>
internal sealed class NumberGrid : ParameterGrid
{
    private const int Most = 50;
    private const double LeastDeviation = 0.5 / 1.64;

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
            return Most;
        var values = Math.Round((range.High - range.Low) / range.Step) + 1;
        return (int)Math.Min(Most, range.Logarithmic ? Math.Ceiling(Math.Log2(range.High - range.Low + 1)) + 1 : values);
    }

    /// <summary>Scott's rule on points: 1.059·min(IQR / 1.34, s)·W^(−1/5), not below 0.5/1.64.</summary>
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
        return Math.Max(1.059 * Math.Min((upper - lower) / 1.34, Math.Sqrt(variance)) * Math.Pow(total, -0.2), LeastDeviation);
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
