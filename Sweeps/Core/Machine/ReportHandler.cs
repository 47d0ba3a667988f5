using System.Globalization;
using Sweeps.Core.Rules;

namespace Sweeps.Core;

/// <summary>Answers <see cref="ReportEpoch"/>: records the epoch and decides by the sweep's rules. Also records notes of nodes.</summary>
internal sealed class ReportHandler(MachineContext context, SweepCompletion completion)
{
    private SweepState State => context.State;

    public VerdictReply Decide(ReportEpoch report)
    {
        if (report.Run < 0 || report.Run >= State.Runs.Count || report.Generation > State.Runs[report.Run].Generation)
            throw new RefusedReportException(
                $"Node '{report.Node}' reported epoch {report.Epoch} of run {report.Run}, generation {report.Generation}, in sweep '{State.Sweep}': "
                + "the log has no such assignment. Read the log's tail and try again.");
        var run = State.Runs[report.Run];
        if (report.Generation < run.Generation || run.Fenced)
            return new VerdictReply(Verdict.Abandon, run.Reason);
        if (report.Epoch <= run.Epoch || run.State != RunState.Running)
            return Repeat(run, report);
        if (report.Epoch > run.Epoch + 1)
            throw new RefusedReportException(
                $"Node '{report.Node}' reported epoch {report.Epoch} of run {run.Number} in sweep '{State.Sweep}', but epoch {run.Epoch + 1} is the "
                + "next one to be recorded: reports come in order, each repeated until it is answered.");
        context.Leases.Touch(run.Number, context.Now);
        return Record(run, report);
    }

    /// <summary>Answers a repeated report with the recorded verdict.</summary>
    private VerdictReply Repeat(SweepRun run, ReportEpoch report)
    {
        var epoch = report.Epoch;
        if (run.State == RunState.Running)
        {
            context.Leases.Touch(run.Number, context.Now);
            // A repeated message about an epoch of this assignment has no reason; an epoch that the program trained again in it has one.
            if (epoch <= run.ResumedAt || report.Restarted is not null)
            {
                context.AddRepeated(run, epoch, report.Restarted);
                RecordDifference(run, report);
            }
        }
        if (run.Over)
            return new VerdictReply(Verdict.Stop, run.Reason);
        // A program that ends after reporting an epoch repeats the report with Last: only its end shows that the epoch was the last one.
        if (report.Last && run.State == RunState.Running && epoch == run.Epoch)
        {
            context.FreeSlot(run);
            var last = new Reason("epochs", epoch, Value: State.Spec.Objective.AsReported(run.Last), Detail: EventFold.EndedByItself);
            context.Emit(new RunFinished(run.Number, last));
            return new VerdictReply(Verdict.Stop, last);
        }
        var paused = epoch >= run.Epoch && run.State is RunState.Paused or RunState.Queued;
        return new VerdictReply(paused ? Verdict.Pause : Verdict.Continue, run.Reason);
    }

    /// <summary>Records a node's note about a run that it trains.</summary>
    public void Decide(NoteRun note)
    {
        if (context.FindRunning(note.Run, note.Generation) is null || (note.Topic == NoteTopic.Program && State.Programs.Contains(note.Text)))
            return;
        context.Emit(new RunNoted(note.Run, note.Generation, note.Topic, note.Text));
    }

    /// <summary>
    /// Compares an epoch that was trained again with the recorded one, which stays valid. Records the first difference under an assignment,
    /// because it shows that training is not reproducible.
    /// </summary>
    private void RecordDifference(SweepRun run, ReportEpoch report)
    {
        if (!report.Metrics.TryGetValue(State.Spec.Objective.Name, out var again))
            return;
        var (before, now) = (run.ValueAt(report.Epoch), State.Oriented(report.Metrics));
        if (before.Equals(now) || !context.IsFirstDifference(run))
            return;
        var recorded = State.Spec.Objective.AsReported(before);
        context.Emit(new RunNoted(run.Number, run.Generation, NoteTopic.Differs, string.Create(CultureInfo.InvariantCulture,
            $"epoch {report.Epoch} was trained again with {State.Spec.Objective.Name} {again:G6}, recorded is {recorded:G6}: the training does not reproduce itself")));
    }

    private VerdictReply Record(SweepRun run, ReportEpoch report)
    {
        var (epoch, objective) = (report.Epoch, State.Spec.Objective);
        if (!report.Metrics.TryGetValue(objective.Name, out var reported))
            return FailWithoutObjective(run, report);
        var value = State.Oriented(report.Metrics);
        context.EmitWaste(run);
        var number = objective.AsReported(value);
        if (report.Divergence is not null || (context.Options.StopDiverged && !double.IsFinite(value)))
        {
            var detail = report.Divergence ?? $"{objective.Name} is {reported}";
            var diverged = new Reason("diverged", epoch, Value: number, Detail: detail);
            return End(run, report, reason => new RunDiverged(run.Number, reason), diverged);
        }
        if (run.Confirms is null && State.Review is null && objective.Reached(reported))
        {
            var target = new Reason("target", epoch, Value: number, Cutoff: objective.Target);
            var reply = End(run, report, reason => new RunFinished(run.Number, reason), target);
            completion.End(SweepOutcome.Finished, target);
            return reply;
        }
        if (epoch >= run.MaxEpochs || report.Last)
            return End(run, report, reason => new RunFinished(run.Number, reason), new Reason(
                "epochs", epoch, Value: number, Detail: report.Last ? EventFold.EndedByItself : "its last epoch"));
        var decision = run.Confirms is null ? State.Rules.OnReport(run, epoch, value) : RuleDecision.Continue;
        if (decision.Verdict == Verdict.Stop && !run.Pinned)
            return End(run, report, reason => new RunStopped(run.Number, reason), decision.Reason!);
        // A run pauses only at the end of its assignment, where it writes a checkpoint. It does not pause at a rung that a change of the
        // sweep file added since the assignment.
        if (epoch >= run.Until)
        {
            var rung = decision.Verdict == Verdict.Pause ? decision.Reason : null;
            return Pause(run, report, rung ?? new Reason("assignment", epoch, Value: number));
        }
        context.Emit(Recorded(report, Verdict.Continue));
        return new VerdictReply(Verdict.Continue, decision.Reason);
    }

    private VerdictReply End(SweepRun run, ReportEpoch report, Func<Reason, SweepEvent> end, Reason reason)
    {
        context.Leases.Remove(run.Number);
        context.Emit(Recorded(report, Verdict.Stop));
        context.Emit(end(reason));
        return new VerdictReply(Verdict.Stop, reason);
    }

    /// <summary>Pauses a run. A pinned run, and a run whose assignment ends at no rung, is promoted immediately.</summary>
    private VerdictReply Pause(SweepRun run, ReportEpoch report, Reason reason)
    {
        context.Leases.Remove(run.Number);
        context.Emit(Recorded(report, Verdict.Pause));
        context.Emit(new RunPaused(run.Number, reason));
        if (run.Pinned || reason.Rule == "assignment")
            context.Emit(new RunPromoted(run.Number, run.Pinned
                ? new Reason("person", report.Epoch, Detail: "pinned")
                : new Reason("assignment", report.Epoch, Detail: "no rung here")));
        return new VerdictReply(Verdict.Pause, reason);
    }

    private VerdictReply FailWithoutObjective(SweepRun run, ReportEpoch report)
    {
        context.FreeSlot(run);
        var error = $"Epoch {report.Epoch} has no metric '{State.Spec.Objective.Name}', which the sweep file names as the objective; "
            + $"it has {string.Join(", ", report.Metrics.Keys.Order(StringComparer.Ordinal))}.";
        context.Emit(new RunFailed(run.Number, run.Generation, error, Permanent: true));
        return new VerdictReply(Verdict.Stop, run.Reason);
    }

    private static EpochRecorded Recorded(ReportEpoch report, Verdict verdict) =>
        new(report.Run, report.Generation, report.Epoch, report.Metrics, report.Seconds, verdict);
}

/// <summary>
/// The report of an epoch after a gap, or of a run or a generation that the log does not contain. Either a node is faulty, or the
/// coordinator has not read the log's tail. No event was emitted.
/// </summary>
public sealed class RefusedReportException(string message) : Exception(message);
