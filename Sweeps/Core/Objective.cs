namespace Sweeps.Core;

/// <summary>What makes a run good: one of the metrics it reports each epoch.</summary>
/// <param name="Name">The metric's name as the trainable reports it.</param>
/// <param name="Goal">Which direction is better.</param>
/// <param name="Target">The sweep ends when a run reaches it at any epoch, or null.</param>
/// <param name="Impute">The value a run that failed has for <see cref="SearchMethod.Bayes"/>.</param>
/// <param name="ImputeWhileRunning">
/// The value a run that is still training has for <see cref="SearchMethod.Bayes"/>; null: it is predicted.
/// </param>
public sealed record Objective(
    string Name, Goal Goal, double? Target = null, Imputation Impute = Imputation.Worst, Imputation? ImputeWhileRunning = null)
{
    /// <summary>The value so that smaller is better: negated for <see cref="Goal.Maximize"/>. The same call turns it back.</summary>
    public double Orient(double value) => Goal == Goal.Maximize ? -value : value;

    /// <summary>The objective of an epoch, oriented; +∞ where it is absent or not finite.</summary>
    public double Of(IReadOnlyDictionary<string, double> metrics) =>
        metrics.TryGetValue(Name, out var value) && double.IsFinite(value) ? Orient(value) : double.PositiveInfinity;

    /// <summary>An oriented value as it was reported, or null when it is not finite.</summary>
    public double? AsReported(double oriented) => double.IsFinite(oriented) ? Orient(oriented) : null;

    /// <summary>Whether a reported value is at the target or beyond it. NaN never is.</summary>
    public bool Reached(double value) => Target is { } target && Orient(value) <= Orient(target);
}

/// <summary>Which direction of a metric is better.</summary>
public enum Goal
{
    /// <summary>Smaller is better.</summary>
    Minimize = 0,

    /// <summary>Larger is better.</summary>
    Maximize = 1,
}

/// <summary>Where the value of a run without one of its own comes from.</summary>
public enum Imputation
{
    /// <summary>The worst value that any ended run ever had.</summary>
    Worst = 0,

    /// <summary>The run's own best value.</summary>
    Best = 1,

    /// <summary>The run's own latest value.</summary>
    Latest = 2,
}
