using MathNet.Numerics.Statistics;
using Sweeps.Core.Space;

namespace Sweeps.Analysis;

/// <summary>The correlation of a parameter, or of one of its categories, with the value.</summary>
/// <param name="Parameter">The full name.</param>
/// <param name="Category">The category that is coded as 1, with all others as 0; null for a number.</param>
/// <param name="Pearson">Linear correlation over the runs with a finite value in [−1, 1]; 0 when the parameter or the value is constant.</param>
/// <param name="Spearman">Rank correlation in [−1, 1]; ties have their mean rank, and +∞ is the worst value.</param>
/// <param name="Count">The number of runs with the parameter.</param>
public sealed record Correlation(string Parameter, string? Category, double Pearson, double Spearman, int Count);

/// <summary>
/// Linear and rank correlations of parameters with the value. Uses the logarithm of a logarithmic parameter and one-hot coding of categories.
/// </summary>
public static class Correlations
{
    /// <summary>
    /// One correlation per numeric parameter and per category, in the order of the space, over the runs that have the parameter and a value other than
    /// NaN. A parameter with one category has none.
    /// </summary>
    public static IReadOnlyList<Correlation> Of(SearchSpace space, IReadOnlyList<Sample> samples)
    {
        var known = samples.Where(sample => !double.IsNaN(sample.Value)).ToArray();
        return [.. space.Parameters.SelectMany(parameter => Of(parameter, known))];
    }

    private static IEnumerable<Correlation> Of(Parameter parameter, Sample[] samples)
    {
        var having = samples.Where(sample => sample.Configuration[parameter.Name] is not null).ToArray();
        if (parameter.Distribution.Domain is Domain.Range range)
        {
            var numbers = having.Where(sample => sample.Configuration[parameter.Name]!.AsDouble() is not null).ToArray();
            return [Correlate(parameter.Name, null, numbers, sample => Number(range, sample.Configuration[parameter.Name]!.AsDouble()!.Value))];
        }
        var categories = ((Domain.Categories)parameter.Distribution.Domain).Values;
        if (categories.Count == 1)
            return [];
        return categories.Select(category => Correlate(
            parameter.Name, category.ToString(), having, sample => ValueComparison.Same(sample.Configuration[parameter.Name]!, category) ? 1 : 0));
    }

    private static double Number(Domain.Range range, double x) => range.Logarithmic ? Math.Log(Math.Max(x, range.Low)) : x;

    private static Correlation Correlate(string parameter, string? category, Sample[] samples, Func<Sample, double> column)
    {
        var finite = Array.FindAll(samples, sample => double.IsFinite(sample.Value));
        return new Correlation(
            parameter, category, Pearson(Array.ConvertAll(finite, sample => column(sample)), Values(finite)),
            Pearson(Ranks(Array.ConvertAll(samples, sample => column(sample))), Ranks(Values(samples))), samples.Length);
    }

    private static double[] Values(Sample[] samples) => Array.ConvertAll(samples, sample => sample.Value);

    private static double Pearson(double[] x, double[] y)
    {
        if (x.Distinct().Take(2).Count() < 2 || y.Distinct().Take(2).Count() < 2)
            return 0;
        return Math.Clamp(MathNet.Numerics.Statistics.Correlation.Pearson(x, y), -1, 1);
    }

    private static double[] Ranks(double[] x) => x.Length == 0 ? [] : ArrayStatistics.RanksInplace((double[])x.Clone(), RankDefinition.Average);
}
