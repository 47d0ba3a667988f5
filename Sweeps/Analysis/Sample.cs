using Sweeps.Core;

namespace Sweeps.Analysis;

/// <summary>A configuration and the value it reached, smaller is better unless said.</summary>
public readonly record struct Sample(Configuration Configuration, double Value);

/// <summary>How much of what happened is due to one parameter.</summary>
/// <param name="Parameter">Its full name.</param>
/// <param name="Raw">In the method's own unit, at least 0.</param>
/// <param name="Share">Of the sum over all parameters, in [0, 1]; 0 when all are 0.</param>
public sealed record ParameterImportance(string Parameter, double Raw, double Share)
{
    /// <summary>Names with raw importances, most important first, with their shares.</summary>
    internal static IReadOnlyList<ParameterImportance> Ranked(IReadOnlyList<(string Name, double Raw)> raw)
    {
        var sum = raw.Sum(one => one.Raw);
        return [.. raw.OrderByDescending(one => one.Raw).ThenBy(one => one.Name, StringComparer.Ordinal)
            .Select(one => new ParameterImportance(one.Name, one.Raw, sum > 0 ? one.Raw / sum : 0))];
    }
}
