namespace Sweeps.Core;

public sealed partial class SweepMachine
{
    /// <summary>
    /// Epochs reported again under the current generation: run → (first, last). For the record only, so memory is enough.
    /// </summary>
    private readonly Dictionary<int, (int First, int Last, string? Why)> repeated = [];

    private VerdictReply Report(ReportEpoch report)
    {
        if (report.Run < 0 || report.Run >= State.Runs.Count || report.Generation > State.Runs[report.Run].Generation)
            throw new RefusedReportException(
                $"Node '{report.Node}' reported epoch {report.Epoch} of run {report.Run}, generation {report.Generation}, in sweep '{State.Sweep}': "
                + "the log has no such assignment. Read the log's tail and try again.");
        var run = State.Runs[report.Run];
        if (report.Generation < run.Generation || run.Fenced)
            return new VerdictReply(Verdict.Abandon, run.Reason);
        if (report.Epoch <= run.Epoch || run.State != RunState.Running)
            return Repeated(run, report);
        if (report.Epoch > run.Epoch + 1)
            throw new RefusedReportException(
                $"Node '{report.Node}' reported epoch {report.Epoch} of run {run.Number} in sweep '{State.Sweep}', but epoch {run.Epoch + 1} is the "
                + "next one to be recorded: reports come in order, each repeated until it is answered.");
        leases.Touch(run.Number, now);
        return Record(run, report);
    }

    /// <summary>The recorded verdict again: nothing is recorded.</summary>
    private VerdictReply Repeated(SweepRun run, ReportEpoch report)
    {
        var epoch = report.Epoch;
        if (run.State == RunState.Running)
        {
            leases.Touch(run.Number, now);
            if (epoch <= run.ResumedAt)
            {
                var (first, last, why) = repeated.GetValueOrDefault(run.Number, (epoch, epoch, null));
                repeated[run.Number] = (Math.Min(first, epoch), Math.Max(last, epoch), report.Restarted ?? why);
            }
        }
        if (run.Over)
            return new VerdictReply(Verdict.Stop, run.Reason);
        var paused = epoch >= run.Epoch && run.State is RunState.Paused or RunState.Queued;
        return new VerdictReply(paused ? Verdict.Pause : Verdict.Continue, run.Reason);
    }

    private VerdictReply Record(SweepRun run, ReportEpoch report)
    {
        var (epoch, objective) = (report.Epoch, State.Spec.Objective);
        if (!report.Metrics.TryGetValue(objective.Name, out var reported))
            return Unmeasured(run, report);
        var value = State.Oriented(report.Metrics);
        WriteWaste(run);
        var number = objective.AsReported(value);
        if (report.Divergence is not null || (options.StopDiverged && !double.IsFinite(value)))
        {
            var detail = report.Divergence ?? $"{objective.Name} is {reported}";
            var diverged = new Reason("diverged", epoch, Value: number, Detail: detail);
            return Over(run, report, reason => new RunDiverged(run.Number, reason), diverged);
        }
        if (objective.Reached(reported))
        {
            var target = new Reason("target", epoch, Value: number, Cutoff: objective.Target);
            var reply = Over(run, report, reason => new RunFinished(run.Number, reason), target);
            End(SweepOutcome.Finished, target);
            return reply;
        }
        if (epoch >= run.MaxEpochs || report.Last)
            return Over(run, report, reason => new RunFinished(run.Number, reason), new Reason(
                "epochs", epoch, Value: number, Detail: report.Last ? SweepState.EndedByItself : "its last epoch"));
        var decision = State.Rules.OnReport(run, epoch, value);
        if (decision.Verdict == Verdict.Stop && !run.Pinned)
            return Over(run, report, reason => new RunStopped(run.Number, reason), decision.Reason!);
        // Only where the assignment ends is there a checkpoint for sure: a rung that came with a changed sweep file is passed.
        if (epoch >= run.Until)
        {
            var rung = decision.Verdict == Verdict.Pause ? decision.Reason : null;
            return Pause(run, report, rung ?? new Reason("assignment", epoch, Value: number));
        }
        Emit(Recorded(report, Verdict.Continue));
        return new VerdictReply(Verdict.Continue, decision.Reason);
    }

    private VerdictReply Over(SweepRun run, ReportEpoch report, Func<Reason, SweepEvent> over, Reason reason)
    {
        leases.Remove(run.Number);
        Emit(Recorded(report, Verdict.Stop));
        Emit(over(reason));
        return new VerdictReply(Verdict.Stop, reason);
    }

    /// <summary>A run that no rule holds back (pinned, or at an epoch that is no rung any more) is promoted at once.</summary>
    private VerdictReply Pause(SweepRun run, ReportEpoch report, Reason reason)
    {
        leases.Remove(run.Number);
        Emit(Recorded(report, Verdict.Pause));
        Emit(new RunPaused(run.Number, reason));
        if (run.Pinned || reason.Rule == "assignment")
            Emit(new RunPromoted(run.Number, run.Pinned
                ? new Reason("person", report.Epoch, Detail: "pinned")
                : new Reason("assignment", report.Epoch, Detail: "no rung here")));
        return new VerdictReply(Verdict.Pause, reason);
    }

    private VerdictReply Unmeasured(SweepRun run, ReportEpoch report)
    {
        FreeSlot(run);
        var error = $"Epoch {report.Epoch} has no metric '{State.Spec.Objective.Name}', which the sweep file names as the objective; "
            + $"it has {string.Join(", ", report.Metrics.Keys.Order(StringComparer.Ordinal))}.";
        Emit(new RunFailed(run.Number, run.Generation, error, Permanent: true));
        return new VerdictReply(Verdict.Stop, run.Reason);
    }

    private static EpochRecorded Recorded(ReportEpoch report, Verdict verdict) =>
        new(report.Run, report.Generation, report.Epoch, report.Metrics, report.Seconds, verdict);

    private void WriteWaste(SweepRun run)
    {
        if (repeated.Remove(run.Number, out var range))
            Emit(new EpochsWasted(run.Number, run.Generation, range.Last - range.First + 1, range.Why));
    }
}
