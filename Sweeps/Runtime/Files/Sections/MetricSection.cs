using Sweeps.Core;
using Sweeps.Training;

namespace Sweeps.Files.Sections;

/// <summary><c>metric</c>: the objective.</summary>
internal static class MetricSection
{
    private static readonly Dictionary<string, Goal> Goals = new() { ["minimize"] = Goal.Minimize, ["maximize"] = Goal.Maximize };

    private static readonly Dictionary<string, Imputation> Imputations = new()
    {
        ["worst"] = Imputation.Worst, ["best"] = Imputation.Best, ["latest"] = Imputation.Latest,
    };

    /// <summary>Returns the objective: the default of the trainable if the file has no <c>metric</c>; null after a reported mistake.</summary>
    public static Objective? Read(Section top, TrainableDescriptor kind, TrainableSpec? trainable)
    {
        if (!top.Has("metric"))
        {
            top.Know("metric");
            return trainable is null ? null : kind.DefaultObjective(trainable);
        }
        if (top.TakeSection("metric") is not { } metric)
            return null;
        var name = metric.TakeText("name");
        if (name is null && !metric.Has("name"))
            metric.Mistake(null, "'metric.name' is missing: it names the reported metric that the sweep optimises.");
        var goal = metric.TakeWord("goal", Goals) ?? Goal.Minimize;
        var target = metric.TakeNumber("target");
        var impute = metric.TakeWord("impute", Imputations) ?? Imputation.Worst;
        var running = ReadRunning(metric);
        metric.End();
        if (name is null)
            return null;
        var canonical = kind.CanonicalMetric(name);
        var usual = kind.UsualGoal(canonical) ?? MetricCheck.GoalOf(canonical) ?? goal;
        if (usual != goal)
            metric.Warn(metric.Has("goal") ? "goal" : "name", goal == Goal.Minimize
                ? $"'{canonical}' is minimized{(metric.Has("goal") ? "" : ", W&B's default")}. Did you mean 'goal: maximize'?"
                : $"'{canonical}' is maximized. Did you mean 'goal: minimize'?");
        return new Objective(canonical, goal, target, impute, running);
    }

    private static Imputation? ReadRunning(Section metric)
    {
        const string Key = "impute_while_running";
        return metric.Take(Key) is Yaml.ScalarNode { Text: "false" } ? null : metric.TakeWord(Key, Imputations);
    }
}
