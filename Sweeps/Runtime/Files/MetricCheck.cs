using System.Globalization;
using Sweeps.Core;

namespace Sweeps.Files;

/// <summary>Derives the goal and the range of a metric from its name.</summary>
internal static class MetricCheck
{
    private static readonly string[] Losses = ["loss", "error", "err", "mse", "rmse", "mae", "perplexity", "entropy"];
    private static readonly string[] Scores = ["acc", "accuracy", "auc", "f1", "precision", "recall", "r2", "score", "reward"];

    /// <summary>The goal that the name suggests, or null.</summary>
    public static Goal? GoalOf(string metric) => (IsLoss(metric), IsScore(metric)) switch
    {
        (true, false) => Goal.Minimize,
        (false, true) => Goal.Maximize,
        _ => null,
    };

    /// <summary>Reports a target that a metric of a network cannot have.</summary>
    public static void Run(SweepFile file, Diagnostics diagnostics)
    {
        var objective = file.Spec.Objective;
        if (file.Spec.Trainable is not TrainableSpec.Network || objective.Target is not { } target)
            return;
        if (objective.Name.EndsWith("accuracy", StringComparison.Ordinal) && target is < 0 or > 1)
            diagnostics.Mistake(file.MetricLocation, string.Create(CultureInfo.InvariantCulture,
                $"'{objective.Name}' lies between 0 and 1, so that the target {target} is never reached{(target is > 1 and <= 100 ? $"; for {target} % write {target / 100}" : "")}."));
        else if (GoalOf(objective.Name) == Goal.Minimize && target < 0)
            diagnostics.Mistake(file.MetricLocation, string.Create(CultureInfo.InvariantCulture, $"'{objective.Name}' is never below 0, so that the target {target} is never reached."));
    }

    private static bool IsLoss(string metric) => Words(metric).Any(Losses.Contains);

    private static bool IsScore(string metric) => Words(metric).Any(Scores.Contains);

    private static string[] Words(string metric) => metric.ToLowerInvariant().Split('_', '-', '/', '.', ' ');
}
