using System.Globalization;
using Engine.Data;

namespace Engine.Training;

/// <summary>The metrics of an evaluation beside loss and accuracy.</summary>
public static class Metrics
{
    private const string Top = "top_", Accuracy = "_accuracy";

    private static readonly LearningTask[] Classes = [LearningTask.Classification], Numbers = [LearningTask.Regression],
        ClassesAndLabels = [LearningTask.Classification, LearningTask.MultiLabel];

    private static readonly Catalog<Metric> Catalog = new("metric")
    {
        { "macro_f1", new(ClassesAndLabels, MacroF1) },
        { "balanced_accuracy", new(Classes, BalancedAccuracy) },
        { "auc", new(ClassesAndLabels, AreaUnderCurve.Of) },
        { "r2", new(Numbers, e => MeanOf(e, RSquared)) },
        { "mae", new(Numbers, e => MeanOf(e, MeanAbsolute)) { SmallerIsBetter = true } },
        { "rmse", new(Numbers, e => MeanOf(e, RootMeanSquare)) { SmallerIsBetter = true } },
    };

    /// <summary>All names; <c>top_3_accuracy</c> represents <c>top_k_accuracy</c> for every k ≥ 2.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Catalog.Names, "top_3_accuracy"];

    /// <summary>The metric with this name. Throws <see cref="EngineException"/>, which lists the known names, when there is none.</summary>
    public static Metric Find(string name) => Rank(name) is { } k ? new Metric(Classes, e => TopAccuracy(e, k)) : Catalog.Find(name);

    /// <summary>Whether there is a metric of this name.</summary>
    public static bool Has(string name) => Rank(name) is not null || Catalog.Names.Contains(name);

    /// <summary>The names in <see cref="Names"/> that apply to these outputs.</summary>
    public static IReadOnlyList<string> NamesFor(OutputSpec output) =>
        [.. Names.Where(name => Find(name).Tasks.Contains(output.Task) && !(Rank(name) >= output.Count))];

    /// <summary>
    /// The metrics to compute: r2, mae and rmse for regression, macro_f1 for labels, and the requested ones. Throws
    /// <see cref="EngineException"/> when a requested metric does not apply to the outputs.
    /// </summary>
    internal static IReadOnlyList<string> For(OutputSpec output, IReadOnlyList<string> asked)
    {
        string[] usual = output.Task switch { LearningTask.Regression => ["r2", "mae", "rmse"], LearningTask.MultiLabel => ["macro_f1"], _ => [] };
        foreach (var name in asked)
        {
            if (!Find(name).Tasks.Contains(output.Task))
                throw new EngineException(
                    $"'{name}' does not measure {(output.Task == LearningTask.Regression ? "numbers" : output.Task == LearningTask.MultiLabel ? "labels" : "classes")}. "
                    + $"Choose among: {string.Join(", ", NamesFor(output))}.");
            if (Rank(name) >= output.Count)
                throw new EngineException($"'{name}' is always 1 with {output.Count} classes. Use a smaller number.");
        }
        return [.. usual.Union(asked)];
    }

    /// <summary>k of <c>top_k_accuracy</c>, from 2; null for other names.</summary>
    private static int? Rank(string name) =>
        name.StartsWith(Top, StringComparison.Ordinal) && name.EndsWith(Accuracy, StringComparison.Ordinal) && name.Length > Top.Length + Accuracy.Length
        && int.TryParse(name[Top.Length..^Accuracy.Length], NumberStyles.None, CultureInfo.InvariantCulture, out var k) && k > 1 ? k : null;

    /// <summary>
    /// The unweighted mean F1 of the classes that occur among labels or predictions, or of all labels of a multi-label task. A label is
    /// predicted when its probability is above ½.
    /// </summary>
    private static double MacroF1(Evaluation e)
    {
        var scores = Scores(e).Where(score => e.Output.Task == LearningTask.MultiLabel || score.Labelled + score.Predicted > 0).ToArray();
        return scores.Length > 0 ? scores.Average(score => score.F1) : double.NaN;
    }

    /// <summary>The mean recall of the classes that occur.</summary>
    private static double BalancedAccuracy(Evaluation e)
    {
        var scores = Scores(e).Where(score => score.Labelled > 0).ToArray();
        return scores.Length > 0 ? scores.Average(score => score.Recall) : double.NaN;
    }

    /// <summary>The scores of each class or label. Not for regression.</summary>
    public static IReadOnlyList<ClassScore> Scores(Evaluation e) => e.Output.Task == LearningTask.Classification
        ? new ClassificationReport(e.Predictions, e.Labels, e.Output.Names).Classes
        : [.. e.Output.Names.Select((name, label) =>
        {
            int labelled = 0, predicted = 0, correct = 0;
            for (var i = 0; i < e.Count; i++)
            {
                bool has = e.Target(i, label) > 0.5f, seen = e.Outputs[i * e.Output.Count + label] > 0;
                labelled += has ? 1 : 0;
                predicted += seen ? 1 : 0;
                correct += has && seen ? 1 : 0;
            }
            return new ClassScore(name, labelled, predicted, correct);
        })];

    /// <summary>The share of examples whose class is among the k largest logits.</summary>
    private static double TopAccuracy(Evaluation e, int k)
    {
        var found = 0;
        for (var i = 0; i < e.Count; i++)
        {
            var logits = e.Outputs.AsSpan(i * e.Output.Count, e.Output.Count);
            var own = logits[e.Labels[i]];
            var before = 0;
            for (var c = 0; c < logits.Length; c++)
                before += logits[c] > own || (logits[c] == own && c < e.Labels[i]) ? 1 : 0;
            found += before < k && !float.IsNaN(own) ? 1 : 0;
        }
        return (double)found / e.Count;
    }

    /// <summary>1 − Σ(y − ŷ)² / Σ(y − ȳ)²; NaN for a target that does not vary.</summary>
    internal static double RSquared(Evaluation e, int target)
    {
        double mean = 0, squares = 0, spread = 0;
        for (var i = 0; i < e.Count; i++)
            mean += e.Target(i, target) / (double)e.Count;
        for (var i = 0; i < e.Count; i++)
        {
            squares += Error(e, i, target) * Error(e, i, target);
            spread += (e.Target(i, target) - mean) * (e.Target(i, target) - mean);
        }
        return spread > 0 ? 1 - squares / spread : double.NaN;
    }

    internal static double MeanAbsolute(Evaluation e, int target)
    {
        var sum = 0.0;
        for (var i = 0; i < e.Count; i++)
            sum += Math.Abs(Error(e, i, target));
        return sum / e.Count;
    }

    internal static double RootMeanSquare(Evaluation e, int target)
    {
        var squares = 0.0;
        for (var i = 0; i < e.Count; i++)
            squares += Error(e, i, target) * Error(e, i, target);
        return Math.Sqrt(squares / e.Count);
    }

    private static double Error(Evaluation e, int example, int target) => (double)e.Outputs[example * e.Output.Count + target] - e.Target(example, target);

    private static double MeanOf(Evaluation e, Func<Evaluation, int, double> measure)
    {
        var sum = 0.0;
        for (var target = 0; target < e.Output.Count; target++)
            sum += measure(e, target);
        return sum / e.Output.Count;
    }
}

/// <summary>A metric of evaluations.</summary>
/// <param name="Tasks">The tasks that it applies to.</param>
/// <param name="Of">Computes the value.</param>
public sealed record Metric(IReadOnlyList<LearningTask> Tasks, Func<Evaluation, double> Of)
{
    /// <summary>Whether a smaller value is better, as for errors.</summary>
    public bool SmallerIsBetter { get; init; }
}
