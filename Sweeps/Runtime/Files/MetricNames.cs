using Sweeps.Core;
using Sweeps.Training.Functions;

namespace Sweeps.Files;

/// <summary>The metrics that trainables report, and what else people call them.</summary>
public static class MetricNames
{
    /// <summary>What a network reports each epoch.</summary>
    public static IReadOnlyList<string> OfNetworks { get; } =
        ["train_loss", "train_accuracy", "val_loss", "val_accuracy", "val_cross_entropy", "learning_rate", "gradient_norm"];

    /// <summary>What a closed-form function reports.</summary>
    public static IReadOnlyList<string> OfFunctions { get; } = ["value", "cost"];

    /// <summary>What a trainable reports; null for a table, whose file says it.</summary>
    public static IReadOnlyList<string>? Of(TrainableSpec trainable) => trainable switch
    {
        TrainableSpec.Table => null,
        TrainableSpec.Function => OfFunctions,
        _ => OfNetworks,
    };

    /// <summary>What runs are ranked by when a file names no metric.</summary>
    public static Objective Usual(TrainableSpec trainable) => trainable switch
    {
        TrainableSpec.Table => new Objective("valid_loss", Goal.Minimize),
        TrainableSpec.Function { Name: var name } => new Objective("value", FunctionRegistry.Find(name)?.Goal ?? Goal.Minimize),
        _ => new Objective("val_accuracy", Goal.Maximize),
    };

    /// <summary>
    /// The reported name for a name that people use: <c>val_acc</c>, <c>validation/accuracy</c>, <c>accuracy</c> are <c>val_accuracy</c>.
    /// A name that is not known stays as it is.
    /// </summary>
    public static string Canonical(string name, TrainableSpec trainable)
    {
        if (trainable is not TrainableSpec.Network || OfNetworks.Contains(name))
            return name;
        var words = name.ToUpperInvariant().Split('_', '-', '/', '.', ' ');
        var part = words.Any(word => word is "TRAIN" or "TRAINING") ? "train" : "val";
        var rest = words.Where(word => word is not ("TRAIN" or "TRAINING" or "VAL" or "VALID" or "VALIDATION" or "DEV" or "EPOCH")).ToArray();
        return rest switch
        {
            ["ACC" or "ACCURACY"] => $"{part}_accuracy",
            ["LOSS"] => $"{part}_loss",
            ["CROSS", "ENTROPY"] when part == "val" => "val_cross_entropy",
            ["LR"] => "learning_rate",
            ["GRAD", "NORM"] => "gradient_norm",
            _ => name,
        };
    }
}
