namespace Sweeps.Core.Rules;

/// <summary>A rule with the keys <c>min_iter</c>, <c>max_iter</c> and <c>eta</c>: rungs grow by η from r to R (docs/rules.md 2).</summary>
/// <param name="MinIter">The first rung r, at least 1.</param>
/// <param name="MaxIter">The last epoch R of a run; 0 until <see cref="Complete"/> fills it in.</param>
/// <param name="Eta">About one run in η goes on, at least 2.</param>
public abstract record GeometricRuleSpec(int MinIter, int MaxIter, int Eta) : RuleSpec
{
    /// <inheritdoc/>
    public override int? LastEpoch => MaxIter > 0 ? MaxIter : null;

    /// <summary>The rungs and R: <c>1 3 9 27</c>.</summary>
    protected string RungsAndLast => string.Join(' ', Plan(int.MaxValue).Rungs.Append(MaxIter));

    /// <summary>The rungs below <paramref name="maxEpochs"/> and R.</summary>
    public override RungPlan Plan(int maxEpochs) => RungPlan.Geometric(MinIter, Math.Min(MaxIter, maxEpochs), Eta);

    /// <inheritdoc/>
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

    /// <summary>A descriptor that reads r, R and η and gives them to <paramref name="create"/>, with the section for further keys.</summary>
    protected static RuleDescriptor DescriptorOf(Func<int, int, int, IRuleSection, RuleSpec> create, params IReadOnlyList<string> names) => new(
        section => create(
            section.TakeEpochs("min_iter") ?? 1, section.TakeEpochs("max_iter") ?? 0,
            (int)(section.TakeInteger("eta", 2, SweepSpec.LargestEpochs) ?? 3), section),
        names) { Geometric = true };
}
