namespace Sweeps.Core.Rules;

/// <summary>ASHA by stopping (docs/rules.md 4): a run is compared when it reaches a rung and then continues or is stopped permanently.</summary>
/// <param name="MinIter">The first rung r, at least 1.</param>
/// <param name="MaxIter">The last epoch R of a run.</param>
/// <param name="Eta">About one run in η continues; at least 2.</param>
/// <param name="Comparison">The comparison.</param>
internal sealed record AshaStoppingSpec(int MinIter, int MaxIter, int Eta, AshaComparison Comparison) : GeometricRuleSpec(MinIter, MaxIter, Eta)
{
    private static readonly Dictionary<string, AshaComparison> Comparisons = new()
    {
        ["optuna"] = AshaComparison.Optuna, ["ray"] = AshaComparison.Ray, ["wandb"] = AshaComparison.Wandb,
    };

    public static RuleDescriptor Descriptor { get; } = DescriptorOf(
        (first, last, eta, section) => new AshaStoppingSpec(first, last, eta, section.TakeWord("rule", Comparisons) ?? AshaComparison.Optuna),
        "asha_stopping");

    public override string Type => "asha_stopping";

    public override string Summary => $"{Type} {RungsAndLast}{(Comparison == AshaComparison.Optuna ? "" : $" ({ComparisonName})")}";

    private string ComparisonName => Comparison.ToString().ToLowerInvariant();

    public override string Describe(int maxEpochs) =>
        $"compared at epochs {Plan(maxEpochs).List(maxEpochs)}; about the best 1 in {Eta} goes on ({ComparisonName})";

    public override IStoppingRule Create(RuleContext context) => new AshaStopping(this, context.Objective);
}

/// <summary>The comparisons of ASHA by stopping in known implementations (docs/rules.md 4); b is the number of better values.</summary>
public enum AshaComparison
{
    /// <summary>Continue if b &lt; max(⌊n/η⌋, 1).</summary>
    Optuna = 0,

    /// <summary>Continue if the value is within the 1/η quantile of the others.</summary>
    Ray = 1,

    /// <summary>Continue if b ≤ ⌊n/η⌋.</summary>
    Wandb = 2,
}

/// <summary>
/// A reported value of +∞ occurs only if <see cref="MachineOptions.StopDiverged"/> is false; otherwise divergence ends the run before the
/// rule is evaluated. It is compared like any other value.
/// </summary>
internal sealed class AshaStopping(AshaStoppingSpec spec, Objective objective) : ILadder
{
    private readonly RungTable ladder = new(spec.Plan(int.MaxValue).Rungs);

    public IReadOnlyList<int> Rungs(SweepRun run) => ladder.Epochs;

    public RuleDecision OnReport(SweepRun run, int epoch, double value)
    {
        if (ladder.At(epoch) is not { } level)
            return RuleDecision.Continue;
        var rung = ladder[level];
        var (better, count) = (rung.Better(value), rung.Count + 1);
        var cutoff = spec.Comparison switch
        {
            AshaComparison.Optuna => At(rung, Math.Max(count / spec.Eta, 1) - 1),
            AshaComparison.Wandb => At(rung, count / spec.Eta),
            _ => Quantile(rung),
        };
        var goesOn = spec.Comparison switch
        {
            AshaComparison.Optuna => better < Math.Max(count / spec.Eta, 1),
            AshaComparison.Wandb => better <= count / spec.Eta,
            _ => value <= cutoff,
        };
        var reason = new Reason(
            spec.Type, epoch, null, rung.Rank(value, run.Number) + 1, count, objective.AsReported(value), objective.AsReported(cutoff),
            spec.Comparison switch { AshaComparison.Optuna => "Optuna's rule", AshaComparison.Wandb => "W&B's rule", _ => "Ray's rule" });
        return new RuleDecision(goesOn ? Verdict.Continue : Verdict.Stop, reason);
    }

    public IEnumerable<RungView> View() => ladder.View(0, openWentOn: true);

    public void Recorded(SweepRun run, int epoch, double value) => ladder.Add(run, epoch, value, open: true);

    public void Ended(SweepRun run)
    {
        ladder.CloseStopped(run);
        ladder.AddFailure(run);
    }

    /// <summary>
    /// The 1/η quantile of the other values, linear between neighbours: k = (m − 1)/η, v[⌊k⌋] + (v[⌊k⌋ + 1] − v[⌊k⌋])·(k − ⌊k⌋); +∞ without
    /// others. Equal neighbours, and a fraction of 0, give v[⌊k⌋] itself: with +∞ the interpolation would be NaN, which stops every run.
    /// </summary>
    private double Quantile(RankedValues rung)
    {
        if (rung.Count == 0)
            return double.PositiveInfinity;
        var k = (rung.Count - 1) * (1.0 / spec.Eta);
        var floor = (int)k;
        var low = rung[floor].Value;
        return k == floor || double.IsInfinity(low) ? low : low + ((rung[floor + 1].Value - low) * (k - floor));
    }

    private static double At(RankedValues rung, int rank) => rank < rung.Count ? rung[rank].Value : double.PositiveInfinity;
}
