namespace Engine.Training;

/// <summary>The errors of predicted targets, per target.</summary>
/// <param name="Targets">One score per target, in order.</param>
/// <param name="Count">The number of examples.</param>
public sealed record RegressionReport(IReadOnlyList<TargetScore> Targets, int Count)
{
    /// <summary>The report of an evaluation of a regression.</summary>
    public static RegressionReport Of(Evaluation evaluation) => new(
        [.. evaluation.Output.Names.Select((name, target) => new TargetScore(
            name, Metrics.RSquared(evaluation, target), Metrics.MeanAbsolute(evaluation, target), Metrics.RootMeanSquare(evaluation, target)))],
        evaluation.Count);
}

/// <summary>The scores of one target.</summary>
/// <param name="Name">The target.</param>
/// <param name="R2">1 − Σ(y − ŷ)² / Σ(y − ȳ)²; NaN for a constant target.</param>
/// <param name="Mae">The mean absolute error, in the target's unit.</param>
/// <param name="Rmse">The root of the mean squared error, in the target's unit.</param>
public sealed record TargetScore(string Name, double R2, double Mae, double Rmse);
