using System.Text.Json;
using Engine.Data;
using Engine.Training;

namespace Client.Output;

/// <summary>Evaluations and predictions as JSON.</summary>
public static class EvaluationJson
{
    /// <summary>
    /// Writes the scores of an evaluation as members of the current object: for classes <c>{accuracy, macro_f1, classes: [{name, precision,
    /// recall, f1, examples, predicted_as: […]}]}</c>, where <c>predicted_as</c> is the row of the confusion matrix; for labels
    /// <c>labels</c> instead of <c>classes</c>, without <c>predicted_as</c>; for regression <c>{targets: [{name, r2, mae, rmse}]}</c>.
    /// </summary>
    public static void WriteScores(Utf8JsonWriter json, Evaluation evaluation)
    {
        json.WriteNumber("examples", evaluation.Count);
        if (evaluation.Output.Task == LearningTask.Regression)
        {
            json.WriteStartArray("targets");
            foreach (var target in RegressionReport.Of(evaluation).Targets)
            {
                json.WriteStartObject();
                json.WriteString("name", target.Name);
                SweepJson.WriteNumber(json, "r2", target.R2);
                SweepJson.WriteNumber(json, "mae", target.Mae);
                SweepJson.WriteNumber(json, "rmse", target.Rmse);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            return;
        }
        var report = evaluation.Output.Task == LearningTask.Classification
            ? new ClassificationReport(evaluation.Predictions, evaluation.Labels, evaluation.Output.Names)
            : null;
        json.WriteNumber("accuracy", evaluation.Accuracy!.Value);
        SweepJson.WriteNumber(json, "macro_f1", report?.MacroF1 ?? evaluation.Measure(["macro_f1"])[0]);
        json.WriteStartArray(report is null ? "labels" : "classes");
        foreach (var (label, score) in Metrics.Scores(evaluation).Index())
        {
            json.WriteStartObject();
            json.WriteString("name", score.Name);
            json.WriteNumber("precision", score.Precision);
            json.WriteNumber("recall", score.Recall);
            json.WriteNumber("f1", score.F1);
            json.WriteNumber("examples", score.Labelled);
            if (report is not null)
            {
                json.WriteStartArray("predicted_as");
                for (var prediction = 0; prediction < report.Classes.Count; prediction++)
                    json.WriteNumberValue(report.Confusion(label, prediction));
                json.WriteEndArray();
            }
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    /// <summary>
    /// The predictions, one per example: the class; for regression an object of the targets; for multi-label tasks the list of labels. With
    /// <paramref name="probabilities"/>, an object with the probability of every class or label.
    /// </summary>
    public static string Predictions(Evaluation evaluation, bool probabilities) => SweepJson.Write(json =>
    {
        var names = evaluation.Output.Names;
        var shown = probabilities ? evaluation.Probabilities() : evaluation.Outputs;
        json.WriteStartArray();
        for (var i = 0; i < evaluation.Count; i++)
        {
            if (probabilities || evaluation.Output.Task == LearningTask.Regression)
            {
                json.WriteStartObject();
                foreach (var (output, name) in names.Index())
                    if (shown[i * names.Count + output] is var value && float.IsFinite(value))
                        json.WriteNumber(name, value);
                    else
                        json.WriteNull(name);
                json.WriteEndObject();
            }
            else if (evaluation.Output.Task == LearningTask.Classification)
            {
                json.WriteStringValue(names[evaluation.Predictions[i]]);
            }
            else
            {
                json.WriteStartArray();
                foreach (var (output, name) in names.Index().Where(pair => evaluation.Outputs[i * names.Count + pair.Index] > 0))
                    json.WriteStringValue(name);
                json.WriteEndArray();
            }
        }
        json.WriteEndArray();
    });
}
