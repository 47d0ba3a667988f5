using System.Globalization;
using System.Text;
using Engine.Data;

namespace Engine.Training;

/// <summary>Renders the scores of an evaluation as plain text, for a terminal or a file.</summary>
public static class ReportText
{
    /// <summary>The scores of classes with their confusion matrix, of labels, or of regression targets.</summary>
    public static string Render(Evaluation evaluation) => evaluation.Output.Task switch
    {
        LearningTask.Regression => Render(RegressionReport.Of(evaluation)),
        LearningTask.MultiLabel => RenderLabels(evaluation),
        _ => Render(new ClassificationReport(evaluation.Predictions, evaluation.Labels, evaluation.Output.Names)),
    };

    private static string Render(RegressionReport report)
    {
        var text = new StringBuilder();
        var name = Math.Max(8, report.Targets.Max(t => t.Name.Length));
        Line(text, $"{"target".PadRight(name)}        R2          MAE         RMSE");
        foreach (var t in report.Targets)
            Line(text, $"{t.Name.PadRight(name)}  {t.R2,8:F4}  {t.Mae,11:G6}  {t.Rmse,11:G6}");
        Line(text, $"{"examples".PadRight(name)}  {report.Count,8}");
        return text.ToString();
    }

    private static string RenderLabels(Evaluation evaluation)
    {
        var text = new StringBuilder();
        var scores = Metrics.Scores(evaluation);
        var name = Math.Max(8, scores.Max(s => s.Name.Length));
        Scores(text, "label", name, scores);
        Line(text, $"{"accuracy".PadRight(name)}  {evaluation.Accuracy:F4}");
        return text.ToString();
    }

    private static void Scores(StringBuilder text, string what, int name, IReadOnlyList<ClassScore> scores)
    {
        Line(text, $"{what.PadRight(name)}  precision   recall       F1  examples");
        foreach (var c in scores)
            Line(text, $"{c.Name.PadRight(name)}  {c.Precision,9:F4}  {c.Recall,7:F4}  {c.F1,7:F4}  {c.Labelled,8}");
    }

    /// <summary>The scores of the classes and the confusion matrix, whose rows are the true classes.</summary>
    public static string Render(ClassificationReport report)
    {
        var text = new StringBuilder();
        var name = Math.Max(5, report.ClassNames.Max(n => n.Length));
        Scores(text, "class", name, report.Classes);
        Line(text, $"{"mean".PadRight(name)}  {report.Classes.Average(c => c.Precision),9:F4}  {report.Classes.Average(c => c.Recall),7:F4}  {report.MacroF1,7:F4}  {report.Count,8}");
        Line(text, $"{"accuracy".PadRight(name)}  {report.Accuracy:F4}");
        Line(text, "");

        const string corner = "true \\ predicted";
        var classes = Enumerable.Range(0, report.ClassNames.Count);
        var cell = Math.Max(4, classes.Max(label => classes.Max(c => report.Confusion(label, c))).ToString(CultureInfo.InvariantCulture).Length + 1);
        name = Math.Max(name, corner.Length - 4);
        Line(text, $"{corner.PadRight(name + 4)}{Cells(report, cell, c => $"{c}")}");
        foreach (var label in classes)
            Line(text, $"{label,3} {report.ClassNames[label].PadRight(name)}{Cells(report, cell, c => report.Confusion(label, c) is > 0 and var n ? $"{n}" : ".")}");
        return text.ToString();
    }

    private static string Cells(ClassificationReport report, int width, Func<int, string> cell) =>
        string.Concat(Enumerable.Range(0, report.ClassNames.Count).Select(c => cell(c).PadLeft(width)));

    private static void Line(StringBuilder text, FormattableString line) => Line(text, line.ToString(CultureInfo.InvariantCulture));

    private static void Line(StringBuilder text, string line) => text.Append(line.TrimEnd()).Append('\n');
}
