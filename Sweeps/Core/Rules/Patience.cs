using System.Globalization;

namespace Sweeps.Core.Rules;

/// <summary>
/// Patience (docs/rules.md 8): stops a run after <paramref name="Epochs"/> consecutive epochs in which no value was better than the best one
/// before them by more than <paramref name="Tolerance"/>.
/// </summary>
/// <param name="Epochs">The number of epochs, at least 1.</param>
/// <param name="Tolerance">The largest improvement that does not count, at least 0.</param>
internal sealed record PatienceSpec(int Epochs, double Tolerance) : RuleSpec
{
    private const string Name = "patience";

    public static RuleDescriptor Descriptor { get; } = new(Read, Name);

    public override string Type => Name;

    public override string Describe(int maxEpochs) => string.Create(CultureInfo.InvariantCulture,
        $"nothing better for {Epochs} epochs{(Tolerance > 0 ? $", tolerance {Tolerance}" : "")}");

    public override IStoppingRule Create(RuleContext context) => new Patience(this, context.Objective);

    private static PatienceSpec? Read(IRuleSection section)
    {
        var epochs = section.TakeEpochs("epochs");
        if (!section.Has("epochs"))
            section.Mistake(null, "'early_terminate.epochs' is missing: the number of epochs without an improvement after which a run is stopped.");
        var tolerance = section.TakeNumber("tolerance", tolerance => tolerance >= 0, "a number of at least 0") ?? 0;
        return epochs is { } patience ? new PatienceSpec(patience, tolerance) : null;
    }
}

internal sealed class Patience(PatienceSpec spec, Objective objective) : IStoppingRule
{
    public RuleDecision OnReport(SweepRun run, int epoch, double value)
    {
        var split = epoch - spec.Epochs;
        if (split <= 0)
            return RuleDecision.Continue;
        var cutoff = Best(run.Curve[..split]) - spec.Tolerance;
        var recent = Math.Min(Best(run.Curve[split..]), value);
        return recent < cutoff ? RuleDecision.Continue : new RuleDecision(Verdict.Stop, new Reason(
            spec.Type, null, null, null, spec.Epochs, objective.AsReported(recent), objective.AsReported(cutoff),
            $"best of the last {spec.Epochs} epochs against the best before them"));
    }

    private static double Best(ReadOnlySpan<double> values)
    {
        var best = double.PositiveInfinity;
        foreach (var value in values)
            best = Math.Min(best, value);
        return best;
    }
}
