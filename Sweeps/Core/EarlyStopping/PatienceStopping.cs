namespace Sweeps.Core.EarlyStopping;

/// <summary>
/// Patience (Optuna's PatientPruner without an inner pruner; search-semantics 8): with more than p + 1 reports, a run is stopped if
/// min(all but the last p + 1) + δ &lt; min(the last p + 1).
/// </summary>
internal sealed class PatienceStopping(EarlyTermination.Patience spec, Objective objective) : IPolicy
{
    public Judgement OnReport(SweepRun run, int epoch, double value)
    {
        var split = epoch - (spec.Epochs + 1);
        if (split <= 0)
            return Judgement.Continue;
        var (before, recent) = (double.PositiveInfinity, value);
        for (var e = 1; e < epoch; e++)
        {
            if (e <= split)
                before = Math.Min(before, run.ValueAt(e));
            else
                recent = Math.Min(recent, run.ValueAt(e));
        }
        var reason = new Reason(
            "patience", null, null, null, spec.Epochs + 1, objective.AsReported(recent), objective.AsReported(before + spec.Tolerance),
            $"best of the last {spec.Epochs + 1} epochs against the best before them");
        return before + spec.Tolerance < recent ? new Judgement(Verdict.Stop, reason) : Judgement.Continue;
    }
}
