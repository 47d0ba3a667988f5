namespace Sweeps.Core.Rules;

/// <summary>
/// The settings of a stopping rule, with its description, its rungs and its implementation for a sweep. A rule is one file and one line in
/// <see cref="StoppingRules.All"/>. Epochs count from 1.
/// </summary>
public abstract record RuleSpec
{
    /// <summary>The type in a sweep file and in reasons: <c>asha</c>.</summary>
    public abstract string Type { get; }

    /// <summary>A short description for the head of a report: <c>asha 1 3 9 27</c>.</summary>
    public virtual string Summary => Type;

    /// <summary>The epoch R at which the rule ends every run, or null.</summary>
    public virtual int? LastEpoch => null;

    /// <summary>The epochs of a run if the sweep file does not give them, or null.</summary>
    public virtual int? DefaultEpochs => LastEpoch;

    /// <summary>A description of the rule's effect, for <c>sweep check</c>.</summary>
    /// <param name="maxEpochs">The largest number of epochs of a run of the sweep.</param>
    public abstract string Describe(int maxEpochs);

    /// <summary>The epochs at which runs are compared, or null for a rule without rungs. A sweep has at most one rule with rungs.</summary>
    /// <param name="maxEpochs">The largest number of epochs of a run of the sweep.</param>
    public virtual RungPlan? Plan(int maxEpochs) => null;

    /// <summary>The number of compared runs in <paramref name="reason"/> that continue, or null if the rule does not fix it.</summary>
    public virtual int? Quota(Reason reason) => null;

    /// <summary>Returns the settings with the defaults that depend on the rest of the sweep file, and reports contradictions.</summary>
    /// <param name="maxEpochs">The largest number of epochs of a run of the sweep.</param>
    /// <param name="section">The rule's section.</param>
    public virtual RuleSpec Complete(int maxEpochs, IRuleSection section) => this;

    /// <summary>Creates the rule for one sweep; an <see cref="ILadder"/> if <see cref="Plan"/> is not null.</summary>
    public abstract IStoppingRule Create(RuleContext context);
}

/// <summary>The properties of a sweep that rules use.</summary>
/// <param name="Objective">The objective of the sweep.</param>
/// <param name="MaxEpochs">The largest number of epochs of a run of the sweep.</param>
/// <param name="Bracket">Returns the plan of a bracket by its index, under the rule that was valid when the bracket was opened.</param>
public sealed record RuleContext(Objective Objective, int MaxEpochs, Func<int, BracketPlan> Bracket);

/// <summary>The names of a rule in a sweep file and its parser.</summary>
/// <param name="Read">Parses the rule's section; returns null after reporting an error.</param>
/// <param name="Names">The values of <c>type</c>: the rule's own, then aliases.</param>
public sealed record RuleDescriptor(Func<IRuleSection, RuleSpec?> Read, params IReadOnlyList<string> Names)
{
    /// <summary>Whether the rule is a <see cref="GeometricRuleSpec"/>, so that it can take r, R and η from another such rule.</summary>
    public bool Geometric { get; init; }
}

/// <summary>A rule with the keys <c>min_iter</c>, <c>max_iter</c> and <c>eta</c>: rungs grow by η from r to R (docs/rules.md 2).</summary>
/// <param name="MinIter">The first rung r, at least 1.</param>
/// <param name="MaxIter">The last epoch R of a run; 0 until <see cref="Complete"/> fills it in.</param>
/// <param name="Eta">About one run in η continues; at least 2.</param>
public abstract record GeometricRuleSpec(int MinIter, int MaxIter, int Eta) : RuleSpec
{
    public override int? LastEpoch => MaxIter > 0 ? MaxIter : null;

    /// <summary>The rungs and R: <c>1 3 9 27</c>; without R where it is not known.</summary>
    protected string RungsAndLast => $"{Plan(int.MaxValue).List(MaxIter, " ")}{(MaxIter < SweepSpec.EpochLimit ? $" {MaxIter}" : "")}";

    /// <summary>The rungs below <paramref name="maxEpochs"/> and R.</summary>
    public override RungPlan Plan(int maxEpochs) => RungPlan.Geometric(MinIter, Math.Min(MaxIter, maxEpochs), Eta);

    public override RuleSpec Complete(int maxEpochs, IRuleSection section)
    {
        if (MaxIter > maxEpochs)
            section.Warn("max_iter", $"'early_terminate' has max_iter {MaxIter}, but no run trains longer than {maxEpochs} epochs: rungs beyond are never reached.");
        else if (MaxIter > 0 && MaxIter < maxEpochs)
            section.Warn("max_iter", $"'early_terminate' has max_iter {MaxIter}: runs end there, although they may train {maxEpochs} epochs.");
        var last = LastEpoch ?? maxEpochs;
        if (MinIter > last)
            section.Mistake("min_iter", $"'early_terminate' begins at min_iter {MinIter}, after the last epoch {last}.");
        return this with { MaxIter = last };
    }

    /// <summary>Creates a descriptor that parses r, R and η. <paramref name="create"/> also gets the section, for further keys.</summary>
    protected static RuleDescriptor DescriptorOf(Func<int, int, int, IRuleSection, RuleSpec> create, params IReadOnlyList<string> names) => new(
        section => create(
            section.TakeEpochs("min_iter") ?? 1, section.TakeEpochs("max_iter") ?? 0,
            (int)(section.TakeInteger("eta", 2, SweepSpec.EpochLimit) ?? 3), section),
        names) { Geometric = true };
}

/// <summary>
/// The section of a rule in a sweep file. A key that no Take method has read is reported as unknown. A value of the wrong type is reported
/// with its source location and returned as null, like an absent key.
/// </summary>
public interface IRuleSection
{
    /// <summary>Whether the section has the key, with a valid or an invalid value.</summary>
    bool Has(string key);

    /// <summary>An integer from <paramref name="min"/> to <paramref name="max"/>, or null.</summary>
    long? TakeInteger(string key, long min, long max);

    /// <summary>A number of epochs, or null.</summary>
    int? TakeEpochs(string key) => (int?)TakeInteger(key, 1, SweepSpec.EpochLimit);

    /// <summary>A finite number, or null.</summary>
    /// <param name="key">The key.</param>
    /// <param name="valid">The condition on the number.</param>
    /// <param name="expected">The condition as text: <c>a number above 1</c>.</param>
    double? TakeNumber(string key, Func<double, bool> valid, string expected);

    /// <summary>True, false or null.</summary>
    bool? TakeBoolean(string key);

    /// <summary>The value of a keyword in <paramref name="words"/>, or null.</summary>
    T? TakeWord<T>(string key, IReadOnlyDictionary<string, T> words) where T : struct;

    /// <summary>Reports an error at the key, or at the section if the key is null or absent.</summary>
    void Mistake(string? key, string message);

    /// <summary>Reports a warning at the key, or at the section if the key is null or absent.</summary>
    void Warn(string? key, string message);
}
