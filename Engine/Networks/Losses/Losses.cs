using Engine.Data;

namespace Engine.Networks;

/// <summary>The losses by name.</summary>
public static class Losses
{
    /// <summary>All losses, with the tasks that they support.</summary>
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

    /// <summary>The names of the losses for a task; the first is the default.</summary>
    public static IReadOnlyList<string> NamesFor(LearningTask task) => [.. Catalog.Where(name => Catalog.Find(name).Tasks.Contains(task))];

    /// <summary>
    /// Creates the loss with this name, or the default for the task when null. Throws <see cref="EngineException"/> when the loss does not
    /// support the task.
    /// </summary>
    public static Loss Create(string? name, LossOptions options)
    {
        var task = options.Output.Task;
        name ??= NamesFor(task)[0];
        var kind = Catalog.Find(name);
        if (!kind.Tasks.Contains(task))
            throw new EngineException($"The loss '{name}' is not for {Describe(task)}. Choose one of: {string.Join(", ", NamesFor(task))}.");
        if (options.LabelSmoothing > 0 && task == LearningTask.Regression)
            throw new EngineException("label_smoothing is for classes and labels, but the data set has numbers to predict. Remove it.");
        return kind.Create(options);
    }

    private static string Describe(LearningTask task) => task switch
    {
        LearningTask.Regression => "numbers (regression)",
        LearningTask.MultiLabel => "several labels at once",
        _ => "classes",
    };
}

/// <summary>An entry of the catalog of losses.</summary>
/// <param name="Tasks">The supported tasks.</param>
/// <param name="Create">Creates the loss.</param>
public sealed record LossKind(IReadOnlyList<LearningTask> Tasks, Func<LossOptions, Loss> Create);

/// <summary>The parameters of a loss.</summary>
/// <param name="Output">The outputs.</param>
/// <param name="Capacity">The largest batch.</param>
/// <param name="LabelSmoothing">ε of label smoothing, in [0, 1).</param>
/// <param name="HuberDelta">
/// δ of the Huber loss, where it changes from quadratic to linear, in standard deviations of the target; &gt; 0.
/// </param>
public sealed record LossOptions(OutputSpec Output, int Capacity, double LabelSmoothing = 0, double HuberDelta = 1);
