namespace Sweeps.Core.EarlyStopping;

/// <summary>
/// ASHA by stopping (search-semantics 5): the rungs of promotion, but a run that reaches one is compared there and then, and goes on or is
/// stopped for good. Three published comparisons: Optuna's SuccessiveHalvingPruner (= Determined's async_halving), W&amp;B's band at
/// arrival (= Syne Tune 0.15), Ray's AsyncHyperBand. +∞ is compared like any value: where divergence ends runs, it never comes here.
/// </summary>
internal sealed class AshaStopping(EarlyTermination.AshaStopping spec, Objective objective) : IPolicy
{
    private readonly RungLadder ladder = new(EarlyStopping.Rungs.Geometric(spec.MinIter, spec.MaxIter, spec.Eta));

    public IReadOnlyList<int> Rungs(SweepRun run) => ladder.Epochs;

    public Judgement OnReport(SweepRun run, int epoch, double value)
    {
        if (ladder.At(epoch) is not { } level)
            return Judgement.Continue;
        var rung = ladder[level];
        var (better, count) = (rung.Better(value), rung.Count + 1);
        var cutoff = spec.Rule switch
        {
            AshaStoppingRule.Optuna => At(rung, Math.Max(count / spec.Eta, 1) - 1),
            AshaStoppingRule.Wandb => At(rung, count / spec.Eta),
            _ => Quantile(rung),
        };
        var goesOn = spec.Rule switch
        {
            AshaStoppingRule.Optuna => better < Math.Max(count / spec.Eta, 1),
            AshaStoppingRule.Wandb => better <= count / spec.Eta,
            _ => value <= cutoff,
        };
        var reason = new Reason(
            "asha_stopping", epoch, null, rung.Rank(value, run.Number) + 1, count, objective.AsReported(value), objective.AsReported(cutoff),
            spec.Rule switch { AshaStoppingRule.Optuna => "Optuna's rule", AshaStoppingRule.Wandb => "W&B's rule", _ => "Ray's rule" });
        return new Judgement(goesOn ? Verdict.Continue : Verdict.Stop, reason);
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
    /// others. Where the fraction is 0 it is v[⌊k⌋] itself: interpolating towards +∞ would give NaN.
    /// </summary>
    private double Quantile(RankedValues rung)
    {
        if (rung.Count == 0)
            return double.PositiveInfinity;
        var k = (rung.Count - 1) * (1.0 / spec.Eta);
        var floor = (int)k;
        var low = rung[floor].Value;
        return k == floor ? low : low + ((rung[floor + 1].Value - low) * (k - floor));
    }

    private static double At(RankedValues rung, int rank) => rank < rung.Count ? rung[rank].Value : double.PositiveInfinity;
}
