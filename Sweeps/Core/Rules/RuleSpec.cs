namespace Sweeps.Core.Rules;

/// <summary>
/// The settings of a stopping rule, and all that follows from them: its description, its rungs, what decides in a sweep. A rule is one
/// record in one file with one line in <see cref="StoppingRules.All"/>. Epochs count from 1.
/// </summary>
public abstract record RuleSpec
{
    /// <summary>The type in a sweep file and in reasons: <c>asha</c>.</summary>
    public abstract string Type { get; }

    /// <summary>The rule in a few words, for the head of a report: <c>asha 1 3 9 27</c>.</summary>
    public virtual string Summary => Type;

    /// <summary>The epoch R at which the rule ends every run, or null.</summary>
    public virtual int? LastEpoch => null;

    /// <summary>The epochs of a run where nothing else in the sweep file says how many, or null.</summary>
    public virtual int? DefaultEpochs => LastEpoch;

    /// <summary>What the rule does, for <c>sweep check</c>.</summary>
    /// <param name="maxEpochs">The most epochs that a run of the sweep trains.</param>
    public abstract string Describe(int maxEpochs);

    /// <summary>Where runs are compared, or null for a rule without rungs. A sweep has at most one rule with rungs.</summary>
    /// <param name="maxEpochs">The most epochs that a run of the sweep trains.</param>
    public virtual RungPlan? Plan(int maxEpochs) => null;

    /// <summary>How many of the runs that <paramref name="reason"/> compared go on, or null where there is no such number.</summary>
    public virtual int? Quota(Reason reason) => null;

    /// <summary>The rule with the defaults that depend on the rest of the sweep file; reports what contradicts it.</summary>
    /// <param name="maxEpochs">The most epochs that a run of the sweep trains.</param>
    /// <param name="section">Where the rule was read.</param>
    public virtual RuleSpec Complete(int maxEpochs, IRuleSection section) => this;

    /// <summary>What decides in one sweep; an <see cref="ILadder"/> if <see cref="Plan"/> is not null.</summary>
    public abstract IStoppingRule Create(RuleContext context);
}

/// <summary>What a rule may know of its sweep.</summary>
/// <param name="Objective">What makes a run good.</param>
/// <param name="MaxEpochs">The most epochs that a run of the sweep trains.</param>
/// <param name="Bracket">The plan of a bracket by its index, under the rule that was in force when the bracket was opened.</param>
public sealed record RuleContext(Objective Objective, int MaxEpochs, Func<int, BracketPlan> Bracket);

/// <summary>How a rule is found and read in a sweep file.</summary>
/// <param name="Read">Reads the rule's section; null when it is wrong, which is then reported.</param>
/// <param name="Names">The values of <c>type</c>: the rule's own, then aliases.</param>
public sealed record RuleDescriptor(Func<IRuleSection, RuleSpec?> Read, params IReadOnlyList<string> Names)
{
    /// <summary>Whether the rule is a <see cref="GeometricRuleSpec"/>: it can take over r, R and η of another.</summary>
    public bool Geometric { get; init; }
}
