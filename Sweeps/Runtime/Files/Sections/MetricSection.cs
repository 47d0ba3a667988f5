using Sweeps.Core;
using Sweeps.Files.Yaml;

namespace Sweeps.Files.Sections;

/// <summary><c>metric</c>: what is optimised.</summary>
internal static class MetricSection
{
    private static readonly Dictionary<string, Goal> Goals = new() { ["minimize"] = Goal.Minimize, ["maximize"] = Goal.Maximize };

    private static readonly Dictionary<string, Imputation> Imputations = new()
    {
        ["worst"] = Imputation.Worst, ["best"] = Imputation.Best, ["latest"] = Imputation.Latest,
    };

    /// <summary>The objective; the trainable's usual one when the file names none; null when it is wrong.</summary>
    public static Objective? Read(Section top, TrainableSpec? trainable)
    {
        if (!top.Has("metric"))
        {
            top.Know("metric");
            return trainable is null ? null : MetricNames.Usual(trainable);
        }
        if (top.TakeSection("metric") is not { } metric)
            return null;
        var name = metric.TakeText("name");
        if (name is null && !metric.Has("name"))
            metric.Diagnostics.Mistake(metric.Location, "'metric.name' is missing: which of the reported metrics is to be optimised?");
        var goal = metric.TakeWord("goal", Goals) ?? Goal.Minimize;
        var target = metric.TakeNumber("target");
        var impute = metric.TakeWord("impute", Imputations) ?? Imputation.Worst;
        var running = ReadRunning(metric);
        metric.End();
        if (name is null)
            return null;
        var canonical = trainable is null ? name : MetricNames.Canonical(name, trainable);
        WarnAboutDirection(metric, canonical, goal);
        return new Objective(canonical, goal, target, impute, running);
    }

    private static Imputation? ReadRunning(Section metric)
    {
        const string Key = "impute_while_running";
        return metric.Take(Key) is ScalarNode { Text: "false" } ? null : metric.TakeWord(Key, Imputations);
    }

    private static void WarnAboutDirection(Section metric, string name, Goal goal)
    {
        if (goal == Goal.Minimize && !metric.Has("goal") && name.Contains("acc", StringComparison.OrdinalIgnoreCase))
            metric.Diagnostics.Warn(metric.LocationOf("name"), $"'{name}' is minimized, W&B's default. Did you mean 'goal: maximize'?");
    }
}
