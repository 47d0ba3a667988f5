using Sweeps.Core.Search;

namespace Sweeps.Core;

/// <summary>The objective of a sweep: one of the metrics that runs report after each epoch.</summary>
/// <param name="Name">The name of the metric.</param>
/// <param name="Goal">The direction of better values.</param>
/// <param name="Target">The value at which the sweep ends, or null.</param>
/// <param name="Impute">The value that <see cref="SearchMethod.Bayes"/> uses for a failed run.</param>
/// <param name="ImputeWhileRunning">
/// The value that <see cref="SearchMethod.Bayes"/> uses for a running run; null for the predicted one.
/// </param>
public sealed record Objective(
    string Name, Goal Goal, double? Target = null, Imputation Impute = Imputation.Worst, Imputation? ImputeWhileRunning = null)
{
    /// <summary>The value with smaller as better: negated for <see cref="Goal.Maximize"/>. Its own inverse.</summary>
    public double Orient(double value) => Goal == Goal.Maximize ? -value : value;

    /// <summary>The objective of an epoch, oriented; +∞ when it is absent or not finite.</summary>
    public double Of(IReadOnlyDictionary<string, double> metrics) =>
        metrics.TryGetValue(Name, out var value) && double.IsFinite(value) ? Orient(value) : double.PositiveInfinity;

    /// <summary>An oriented value as it was reported, or null when it is not finite.</summary>
    public double? AsReported(double oriented) => double.IsFinite(oriented) ? Orient(oriented) : null;

    /// <summary>Whether a reported value is at least as good as the target. False for NaN.</summary>
    public bool Reached(double value) => Target is { } target && Orient(value) <= Orient(target);
}

/// <summary>The direction of better values of a metric.</summary>
public enum Goal
{
    Minimize = 0,
    Maximize = 1,
}

/// <summary>The imputed value of a run that has none.</summary>
public enum Imputation
{
    /// <summary>The worst value of all ended runs.</summary>
    Worst = 0,

    /// <summary>The run's own best value.</summary>
    Best = 1,

    /// <summary>The run's own latest value.</summary>
    Latest = 2,
}
