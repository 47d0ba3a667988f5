namespace Engine.Networks;

/// <summary>The optimizers by name. A new one is a class in this folder and one entry here.</summary>
public static class Optimizers
{
    private static readonly OptionKey Beta1 = new("beta1", 0.9, OptionRange.Fraction, "decay of the mean gradient");
    private static readonly OptionKey Beta2 = new("beta2", 0.999, OptionRange.Fraction, "decay of the mean squared gradient");
    private static readonly OptionKey Epsilon = new("epsilon", 1e-8, OptionRange.Positive, "added to the root, so that nothing is divided by 0");
    private static readonly OptionKey Velocity = new("momentum", 0.9, OptionRange.Fraction, "decay of the velocity");
    private static readonly OptionKey SmallRate = Rate(0.001);

    /// <summary>All optimizers. Each has the option <c>learning_rate</c>, which the schedule's factor multiplies.</summary>
    public static Catalog<Func<IReadOnlyDictionary<string, double>, Optimizer>> Catalog { get; } = new("optimizer")
    {
        { "sgd", o => new Sgd(), Rate(0.01) },
        { "momentum", o => new Momentum(o["momentum"]), Rate(0.01), Velocity },
        { "nesterov", o => new Nesterov(o["momentum"]), Rate(0.01), Velocity },
        {
            "rmsprop", o => new RmsProp(o["beta"], o["epsilon"]), SmallRate,
            new("beta", 0.9, OptionRange.Fraction, "decay of the mean squared gradient"), Epsilon
        },
        { "adam", o => new Adam(o["beta1"], o["beta2"], o["epsilon"]), SmallRate, Beta1, Beta2, Epsilon },
        {
            "nadam", o => new Nadam(o["beta1"], o["beta2"], o["epsilon"], o["momentum_decay"], (NadamForm)(int)o["simple"]), SmallRate, Beta1, Beta2, Epsilon,
            new("momentum_decay", 0.004, OptionRange.NotNegative, "ψ of the momentum schedule"),
            new("simple", 0, new OptionRange(0, true, 2, true, Whole: true), "0: the momentum schedule of PyTorch; 1: Dozat's formula; 2: that of course notes, both terms over 1 − β₁ᵗ")
        },
        { "adamw", o => new Adam(o["beta1"], o["beta2"], o["epsilon"], decouplesDecay: true), SmallRate, Beta1, Beta2, Epsilon },
        {
            "eve", o => new Eve(o["beta1"], o["beta2"], o["beta3"], o["clip"], o["epsilon"]), SmallRate, Beta1, Beta2, Epsilon,
            new("beta3", 0.999, OptionRange.Fraction, "smoothing of the loss feedback"),
            new("clip", 10, new OptionRange(1, true, double.PositiveInfinity, false), "limit of the relative change of the loss")
        },
    };

    /// <summary>The registered names.</summary>
    public static IReadOnlyList<string> Names => Catalog.Names;

    private static OptionKey Rate(double standard) => new("learning_rate", standard, OptionRange.Positive, "the learning rate η");
}
