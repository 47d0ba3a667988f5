using Engine.Data;

namespace Engine.Networks;

/// <summary>The losses by name.</summary>
public static class Losses
{
    /// <summary>Every loss, with the kind of prediction that it is for.</summary>
    public static Catalog<LossKind> Catalog { get; } = new("loss")
    {
        { "cross_entropy", new([LearningTask.Classification], o => new CrossEntropy(o)) },
        { "binary_cross_entropy", new([LearningTask.MultiLabel], o => new OutputLoss<SigmoidCrossEntropy>(o, new(o.LabelSmoothing), 1)) },
        {
            "squared_error", new([LearningTask.Classification, LearningTask.Regression],
                o => o.Output.Task == LearningTask.Regression ? new OutputLoss<SquaredDifference>(o, default, 1) : new SquaredError(o, factor: 1))
        },
        {
            "mean_squared_error", new([LearningTask.Classification, LearningTask.Regression],
                o => o.Output.Task == LearningTask.Regression
                    ? new OutputLoss<SquaredDifference>(o, default, 1.0 / o.Output.Count)
                    : new SquaredError(o, factor: 1.0 / o.Output.Count))
        },
        { "absolute_error", new([LearningTask.Regression], o => new OutputLoss<AbsoluteDifference>(o, default, 1)) },
        { "huber", new([LearningTask.Regression], o => new OutputLoss<HuberDifference>(o, new(o.HuberDelta), 1)) },
    };

    /// <summary>The registered names.</summary>
    public static IReadOnlyList<string> Names => Catalog.Names;

    /// <summary>The names for a kind of prediction; the first is the default.</summary>
    public static IReadOnlyList<string> NamesFor(LearningTask task) => [.. Catalog.Where(name => Catalog.Find(name).Tasks.Contains(task))];

    /// <summary>The loss of a name, or the default of the outputs. Throws <see cref="EngineException"/> when it is not for such outputs.</summary>
    public static Loss Create(string? name, LossOptions options)
    {
        var task = options.Output.Task;
        name ??= NamesFor(task)[0];
        var kind = Catalog.Find(name);
        if (!kind.Tasks.Contains(task))
            throw new EngineException($"The loss '{name}' is not for {Words(task)}. Choose one of: {string.Join(", ", NamesFor(task))}.");
        if (options.LabelSmoothing > 0 && task == LearningTask.Regression)
            throw new EngineException("label_smoothing is for classes and labels, but the data set has numbers to predict. Remove it.");
        return kind.Create(options);
    }

    private static string Words(LearningTask task) => task switch
    {
        LearningTask.Regression => "numbers (regression)",
        LearningTask.MultiLabel => "several labels at once",
        _ => "classes",
    };
}

/// <summary>A loss that can be chosen.</summary>
/// <param name="Tasks">The kinds of prediction that it is for.</param>
/// <param name="Create">Makes it.</param>
public sealed record LossKind(IReadOnlyList<LearningTask> Tasks, Func<LossOptions, Loss> Create);

/// <summary>What a loss is made for.</summary>
/// <param name="Output">The outputs.</param>
/// <param name="Capacity">The largest batch.</param>
/// <param name="LabelSmoothing">ε of label smoothing, in [0, 1).</param>
/// <param name="HuberDelta">Where Huber's loss turns from a square into a line, in deviations of the target.</param>
public sealed record LossOptions(OutputSpec Output, int Capacity, double LabelSmoothing = 0, double HuberDelta = 1);
