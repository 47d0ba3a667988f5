namespace Engine.Networks;

/// <summary>The learning rate schedules by name. Each also has the option <c>warmup_epochs</c>.</summary>
public static class Schedules
{
    private static readonly OptionKey WarmupEpochs = new("warmup_epochs", 0, OptionRange.NotNegative, "epochs of linear rise at the start");

    /// <summary>All schedules.</summary>
    public static Catalog<Func<IReadOnlyDictionary<string, double>, Schedule>> Catalog { get; } = new("schedule")
    {
        { "constant", o => new ConstantSchedule(), WarmupEpochs },
        {
            "step", o => new StepSchedule((int)o["every"], o["factor"]), WarmupEpochs,
            new("every", 10, OptionRange.WholeFrom(1), "epochs between falls"),
            new("factor", 0.1, OptionRange.PositiveShare, "what the rate is multiplied by")
        },
        {
            "cosine", o => new CosineSchedule(o["epochs"], o["final"]), WarmupEpochs,
            new("epochs", 10, OptionRange.Positive, "epoch at which the fall ends"),
            new("final", 0, OptionRange.Share, "the last factor")
        },
        { "warmup", o => new ConstantSchedule(), WarmupEpochs with { Default = 1, Range = OptionRange.Positive } },
        {
            "reduce_on_plateau",
            o => new PlateauSchedule(o["factor"], (int)o["patience"], o["threshold"], o["least"]), WarmupEpochs,
            new("factor", 0.1, new OptionRange(0, false, 1, false), "what the rate is multiplied by"),
            new("patience", 10, OptionRange.WholeFrom(0), "epochs without improvement that are tolerated"),
            new("threshold", 1e-4, OptionRange.Fraction, "relative improvement that counts"),
            new("least", 0, OptionRange.Share, "the factor never falls below this")
        },
    };

    /// <summary>The registered names.</summary>
    public static IReadOnlyList<string> Names => Catalog.Names;

    /// <summary>
    /// Creates the schedule with this name, with a warm-up if <c>warmup_epochs</c> is above 0. Throws <see cref="EngineException"/> for an
    /// unknown name or option.
    /// </summary>
    public static Schedule Create(string name, IReadOnlyDictionary<string, double> options)
    {
        var all = Catalog.Resolve(name, options);
        var schedule = Catalog.Find(name)(all);
        return all[WarmupEpochs.Name] > 0 ? new WarmupSchedule(all[WarmupEpochs.Name], 0.01, schedule) : schedule;
    }
}
