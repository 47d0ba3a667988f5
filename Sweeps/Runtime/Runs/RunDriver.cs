using System.Runtime.ExceptionServices;
using Sweeps.Coordination;
using Sweeps.Core;
using Sweeps.Nodes;
using Sweeps.Telemetry;
using Sweeps.Training;

namespace Sweeps.Runs;

/// <summary>
/// Carries out one assignment on a slot: newest checkpoint → reports the log has not got → epochs, each reported without waiting; at the
/// epochs of <see cref="Assignment.WaitAt"/> a checkpoint first, then the report, then the verdict. On drain it stops at a batch boundary,
/// writes a checkpoint and gives the run back. An <see cref="Assignment.Test"/> is evaluated instead. All of the session's work happens on the
/// slot's thread.
/// </summary>
public sealed class RunDriver : IDisposable
{
    private readonly RunContext context;
    private readonly Assignment assignment;
    private readonly SlotPermit slot;
    private readonly RunSession session;
    private readonly CancellationTokenSource ended = new();
    private int verdict = -1;
    private Exception? refusal;

    /// <summary>Prepares the assignment; <see cref="RunAsync"/> starts it.</summary>
    public RunDriver(RunContext context, Assignment assignment, SlotPermit slot)
    {
        this.context = context;
        this.assignment = assignment;
        this.slot = slot;
        session = new RunSession(context, assignment, slot);
    }

    /// <summary>The assignment this driver carries out.</summary>
    public Assignment Assignment => assignment;

    /// <summary>What the node tells the coordinator about it.</summary>
    public RunLease Lease => new(assignment.Run, assignment.Generation, assignment.Test);

    /// <summary>The epoch under way, from 1. From any thread.</summary>
    public int Epoch => session.Epoch + 1;

    /// <summary>How far that epoch is. From any thread.</summary>
    public TrainingProgress Progress => session.Progress;

    /// <summary>The coordinator no longer wants this assignment: drop it within a batch. From any thread.</summary>
    public void Abandon() => End(Verdict.Abandon);

    /// <summary>
    /// Runs to the end of the assignment, or until <paramref name="drain"/>. Never throws for what a run can do wrong: that is reported as
    /// a failure. The caller releases the slot afterwards.
    /// </summary>
    public async Task<RunOutcome> RunAsync(CancellationToken drain)
    {
        using var scope = context.Logger.BeginAssignment(context.Coordinator.Sweep, assignment.Run, assignment.Generation);
        using var span = SweepActivity.Assignment(context.Coordinator.Sweep, assignment.Run, assignment.Generation, assignment.Test);
        // Reports are given up when the assignment is abandoned, or when a drain has waited long enough for their answers.
        using var giveUp = new CancellationTokenSource();
        using var onDrain = drain.Register(() => giveUp.CancelAfter(context.DrainLimit));
        using var onAbandon = ended.Token.Register(() => { if (Ended == Verdict.Abandon) giveUp.Cancel(); });
        var reports = new ReportQueue(ReportAsync, Answered, Refused, giveUp.Token);
        try
        {
            if (assignment.Test)
                return await EvaluateAsync(drain, giveUp.Token);
            if (!await session.OpenAsync(giveUp.Token))
                return RunOutcome.Abandoned;
            await TrainAsync(reports, drain);
            return await EndAsync(reports, drain.IsCancellationRequested, giveUp.Token);
        }
        catch (OperationCanceledException) when (giveUp.IsCancellationRequested)
        {
            return RunOutcome.Abandoned;
        }
        catch (GenerationLostException)
        {
            return RunOutcome.Abandoned;
        }
        catch (Exception e)
        {
            await reports.CompleteAsync();
            return await FailAsync(e, giveUp.Token);
        }
        finally
        {
            await giveUp.CancelAsync();
            await reports.CompleteAsync();
            await session.CloseAsync();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => ended.Dispose();

    private Verdict? Ended => Volatile.Read(ref verdict) is >= 0 and var v ? (Verdict)v : null;

    /// <summary>Evaluates and says the result. A drain ends it without a word: another node gets the work when this one has been silent.</summary>
    private async Task<RunOutcome> EvaluateAsync(CancellationToken drain, CancellationToken giveUp)
    {
        using var cut = CancellationTokenSource.CreateLinkedTokenSource(drain, ended.Token);
        IReadOnlyDictionary<string, double> metrics = new Dictionary<string, double>();
        string? error = null;
        try
        {
            metrics = await session.EvaluateTestAsync(cut.Token);
        }
        catch (Exception e) when (!cut.IsCancellationRequested && e is not GenerationLostException)
        {
            context.Logger.EvaluationFailed(context.Coordinator.Sweep, assignment.Run, e);
            error = Describe(e);
        }
        catch (Exception) when (cut.IsCancellationRequested)
        {
            return RunOutcome.Abandoned;
        }
        await SendAsync<Acknowledged>(new RecordTest(default, assignment.Run, assignment.UntilEpoch, metrics, error), giveUp);
        return error is null ? RunOutcome.Stopped : RunOutcome.Failed;
    }

    private async Task TrainAsync(ReportQueue reports, CancellationToken drain)
    {
        using var cut = CancellationTokenSource.CreateLinkedTokenSource(drain, ended.Token);
        try
        {
            while (!cut.IsCancellationRequested)
            {
                var report = session.NextUnreported() ?? await session.TrainEpochAsync(cut.Token);
                if (Waits(report))
                    await AwaitVerdictAsync(reports, report, cut.Token);
                else
                {
                    _ = reports.Add(report);
                    await session.SaveWhenDueAsync(cut.Token);
                }
            }
        }
        catch (OperationCanceledException) when (cut.IsCancellationRequested)
        {
            // A verdict or a drain: the caller sees which.
        }
    }

    private async Task AwaitVerdictAsync(ReportQueue reports, EpochReport report, CancellationToken cut)
    {
        if (report.Divergence is null)
            await session.SaveAsync(cut);
        var reply = await reports.Add(report).WaitAsync(cut);
        if (reply.Verdict == Verdict.Continue && report.Epoch >= assignment.UntilEpoch)
            throw new InvalidOperationException($"Epoch {report.Epoch} ends the assignment, but its verdict was to continue.");
    }

    /// <summary>
    /// The coordinator decides only at new epochs. A recorded one gets its recorded verdict again, which has been acted on long ago.
    /// </summary>
    private bool Waits(EpochReport report) => report.Epoch > assignment.RecordedEpoch
        && (report.Divergence is not null || report.Last || report.Epoch >= assignment.UntilEpoch || assignment.WaitAt.Contains(report.Epoch));

    private async Task<RunOutcome> EndAsync(ReportQueue reports, bool draining, CancellationToken cancel)
    {
        if (Ended is null && draining)
        {
            await session.SaveAsync(cancel);
            await reports.CompleteAsync();
        }
        if (refusal is not null)
            ExceptionDispatchInfo.Throw(refusal);
        switch (Ended)
        {
            case Verdict.Abandon:
                return RunOutcome.Abandoned;
            case Verdict.Stop:
                await session.SaveBestAsync(cancel);
                return RunOutcome.Stopped;
            case Verdict.Pause:
                await session.SaveAsync(cancel);
                return RunOutcome.Paused;
            default:
                await SendAsync<Acknowledged>(
                    new ReleaseRun(default, context.Node, assignment.Run, assignment.Generation), cancel);
                return RunOutcome.Released;
        }
    }

    private async Task<RunOutcome> FailAsync(Exception error, CancellationToken cancel)
    {
        var permanent = error is ConfigurationException;
        context.Logger.RunFailed(context.Coordinator.Sweep, assignment.Run, assignment.Generation, error);
        try
        {
            await SendAsync<Acknowledged>(
                new FailRun(default, context.Node, assignment.Run, assignment.Generation, Describe(error), permanent), cancel);
            return RunOutcome.Failed;
        }
        catch (OperationCanceledException)
        {
            return RunOutcome.Abandoned;
        }
    }

    private static string Describe(Exception error) => error.Message.Replace('\0', ' ');

    private async Task<VerdictReply> ReportAsync(EpochReport report, CancellationToken cancel)
    {
        var sent = context.Time.GetTimestamp();
        var reply = await SendAsync<VerdictReply>(
            new ReportEpoch(
                default, context.Node, assignment.Run, assignment.Generation, report.Epoch, report.Metrics, report.Seconds,
                report.Divergence, report.Last, report.Epoch <= assignment.RecordedEpoch ? session.Restarted : null),
            cancel);
        context.Metrics.VerdictReceived(context.Time.GetElapsedTime(sent));
        return reply;
    }

    private void Answered(EpochReport report, VerdictReply reply)
    {
        var old = report.Epoch <= assignment.RecordedEpoch;
        if (reply.Verdict == Verdict.Abandon || (!old && reply.Verdict != Verdict.Continue))
            End(reply.Verdict);
    }

    /// <summary>A report that the coordinator refuses is a defect, and every later one would be refused too: the assignment ends with its reason.</summary>
    private void Refused(Exception error)
    {
        refusal = error;
        Cancel();
    }

    private void End(Verdict how)
    {
        if (Interlocked.CompareExchange(ref verdict, (int)how, -1) == -1)
            Cancel();
    }

    private void Cancel()
    {
        try
        {
            ended.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The run has ended by itself in this moment.
        }
    }

    /// <summary>Sends until it is answered: an outcome that is not known is tried again, which is harmless for every command.</summary>
    private async Task<TReply> SendAsync<TReply>(Command command, CancellationToken cancel) where TReply : Reply
    {
        for (var attempt = 1; ; attempt++)
        {
            using var patience = new CancellationTokenSource(context.Patience, context.Time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, patience.Token);
            try
            {
                return await context.Coordinator.SendAsync<TReply>(command, either.Token);
            }
            catch (Exception e) when (e is not RefusedReportException)
            {
                cancel.ThrowIfCancellationRequested();
                context.Logger.SendFailed(context.Coordinator.Sweep, assignment.Run, attempt, e);
                await Retry.WaitAsync(attempt, context.Time, cancel);
            }
        }
    }
}
