using System.Runtime.ExceptionServices;
using Microsoft.Extensions.Logging;
using Sweeps.Coordination;
using Sweeps.Core;
using Sweeps.Log;
using Sweeps.Nodes;
using Sweeps.Programs;
using Sweeps.Telemetry;
using Sweeps.Training;

namespace Sweeps.Runs;

/// <summary>
/// Executes one assignment on a slot. It restores the newest checkpoint, sends the reports that are not in the log, and trains epochs. It reports each
/// epoch and trains on without the verdict, except at the epochs of <see cref="Assignment.WaitAt"/>, where it writes a checkpoint, then reports, then
/// waits for the verdict. On drain it stops at a batch boundary, writes a checkpoint and gives the run back. For <see cref="Assignment.Test"/> it
/// evaluates the test part instead. Training runs on the slot's thread.
/// </summary>
public sealed partial class RunDriver : IDisposable
{
    private static readonly Func<ILogger, string, int, int, IDisposable?> AssignmentScope =
        LoggerMessage.DefineScope<string, int, int>("sweep {Sweep} run {Run} generation {Generation}");

    private readonly RunContext context;
    private readonly Assignment assignment;
    private readonly SlotPermit slot;
    private readonly RunSession session;
    private readonly CancellationTokenSource ended = new();
    private int verdict = -1;
    private Exception? refusal;

    public RunDriver(RunContext context, Assignment assignment, SlotPermit slot)
    {
        this.context = context;
        this.assignment = assignment;
        this.slot = slot;
        session = new RunSession(context, assignment, slot);
    }

    /// <summary>The run, as the node reports it to the coordinator in heartbeats.</summary>
    public RunLease Lease => new(assignment.Run, assignment.Generation, assignment.Test);

    /// <summary>The current epoch, from 1. Thread-safe.</summary>
    public int Epoch => session.Epoch + 1;

    /// <summary>The progress within the current epoch. Thread-safe.</summary>
    public TrainingProgress Progress => session.Progress;

    /// <summary>Stops training within one batch, without a report to the coordinator. Thread-safe.</summary>
    public void Abandon() => End(Verdict.Abandon);

    /// <summary>
    /// Runs to the end of the assignment, or until <paramref name="drain"/> is cancelled. Exceptions of the run are reported to the coordinator,
    /// not thrown. The caller releases the slot afterwards.
    /// </summary>
    public async Task<RunOutcome> RunAsync(CancellationToken drain)
    {
        using var scope = AssignmentScope(context.Logger, context.Coordinator.Sweep, assignment.Run, assignment.Generation);
        using var span = SweepActivity.Assignment(context.Coordinator.Sweep, assignment.Run, assignment.Generation, assignment.Test);
        // Open reports are cancelled when the assignment is abandoned or a drain takes longer than DrainLimit.
        using var cancelReports = new CancellationTokenSource(Timeout.InfiniteTimeSpan, context.Time);
        using var onDrain = drain.Register(() => cancelReports.CancelAfter(context.DrainLimit));
        using var onAbandon = ended.Token.Register(() => { if (Ended == Verdict.Abandon) cancelReports.Cancel(); });
        var reports = new ReportQueue(ReportAsync, Answered, Refused, cancelReports.Token);
        try
        {
            if (assignment.Test)
                return await EvaluateAsync(drain, cancelReports.Token);
            if (!await session.OpenAsync(cancelReports.Token))
                return RunOutcome.Abandoned;
            await TrainAsync(reports, drain);
            return await EndAsync(reports, drain.IsCancellationRequested, cancelReports.Token);
        }
        catch (OperationCanceledException) when (cancelReports.IsCancellationRequested)
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
            return await FailAsync(e, cancelReports.Token);
        }
        finally
        {
            await cancelReports.CancelAsync();
            await reports.CompleteAsync();
            await session.CloseAsync(Ended);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => ended.Dispose();

    private Verdict? Ended => Volatile.Read(ref verdict) is >= 0 and var v ? (Verdict)v : null;

    /// <summary>
    /// Evaluates the test part and records the result. A drain ends it without a report: the coordinator assigns it again when the lease expires.
    /// </summary>
    private async Task<RunOutcome> EvaluateAsync(CancellationToken drain, CancellationToken cancelReports)
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
            EvaluationFailed(context.Logger, context.Coordinator.Sweep, assignment.Run, e);
            error = Describe(e);
        }
        catch (Exception) when (cut.IsCancellationRequested)
        {
            return RunOutcome.Abandoned;
        }
        await SendAsync(new RecordTest(assignment.Run, assignment.UntilEpoch, metrics, error), cancelReports);
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
                await SendNotesAsync(cut.Token);
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
            // A verdict or a drain has ended the training; EndAsync distinguishes them.
        }
    }

    private async Task SendNotesAsync(CancellationToken cancel)
    {
        foreach (var (topic, text) in session.DequeueNotes())
            await SendAsync<Acknowledged>(new NoteRun(context.Node, assignment.Run, assignment.Generation, topic, text), cancel);
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
    /// Whether to wait for the verdict: at the end of the run or of the assignment, at a rung, and after a divergence. An epoch that is already in the log
    /// needs no wait, because its verdict has been applied.
    /// </summary>
    private bool Waits(EpochReport report) => report.Last || (report.Epoch > assignment.RecordedEpoch
        && (report.Divergence is not null || report.Epoch >= assignment.UntilEpoch || assignment.WaitAt.Contains(report.Epoch)));

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
                await SendAsync(new ReleaseRun(context.Node, assignment.Run, assignment.Generation), cancel);
                return RunOutcome.Released;
        }
    }

    private async Task<RunOutcome> FailAsync(Exception error, CancellationToken cancel)
    {
        var permanent = error is ConfigurationException or ProgramException { Permanent: true };
        RunFailed(context.Logger, context.Coordinator.Sweep, assignment.Run, assignment.Generation, error);
        try
        {
            await SendNotesAsync(cancel);
            await SendAsync(new FailRun(context.Node, assignment.Run, assignment.Generation, Describe(error), permanent), cancel);
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
        var reply = await SendAsync(
            new ReportEpoch(
                context.Node, assignment.Run, assignment.Generation, report.Epoch, report.Metrics, report.Seconds,
                report.Divergence, report.Last, report.Epoch <= Math.Max(assignment.RecordedEpoch, session.Repeated) ? session.Restarted : null),
            cancel);
        context.Metrics.VerdictReceived(context.Time.GetElapsedTime(sent));
        return reply;
    }

    private void Answered(EpochReport report, VerdictReply reply)
    {
        var old = report.Epoch <= assignment.RecordedEpoch && !report.Last;
        if (reply.Verdict == Verdict.Abandon || (!old && reply.Verdict != Verdict.Continue))
            End(reply.Verdict);
    }

    /// <summary>Ends the assignment when the coordinator refuses a report: it would refuse all later reports too.</summary>
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
            // The run has ended meanwhile.
        }
    }

    /// <summary>
    /// Sends a command until it is answered. It may be repeated if its outcome is unknown, because applying it twice has no further effect. A command
    /// that the coordinator or the log refuses is not repeated, because it would be refused again.
    /// </summary>
    private async Task<TReply> SendAsync<TReply>(Command<TReply> command, CancellationToken cancel) where TReply : Reply
    {
        for (var attempt = 1; ; attempt++)
        {
            using var timeout = new CancellationTokenSource(context.RequestTimeout, context.Time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, timeout.Token);
            try
            {
                return await context.Coordinator.SendAsync(command, either.Token);
            }
            catch (Exception e) when (e is not (RefusedReportException or EventRefusedException))
            {
                cancel.ThrowIfCancellationRequested();
                SendFailed(context.Logger, context.Coordinator.Sweep, assignment.Run, attempt, e);
                await Retry.WaitAsync(attempt, context.Time, cancel);
            }
        }
    }

    [LoggerMessage(101, LogLevel.Warning, "Sweep {Sweep}: run {Run}, generation {Generation}, failed.")]
    private static partial void RunFailed(ILogger logger, string sweep, int run, int generation, Exception error);

    [LoggerMessage(102, LogLevel.Information, "Sweep {Sweep}: the coordinator did not answer run {Run} (attempt {Attempt}); trying again.")]
    private static partial void SendFailed(ILogger logger, string sweep, int run, int attempt, Exception error);

    [LoggerMessage(307, LogLevel.Warning, "Sweep {Sweep}: the best weights (run {Run}) could not be evaluated on the test part.")]
    private static partial void EvaluationFailed(ILogger logger, string sweep, int run, Exception error);
}

/// <summary>How an assignment ended on its node.</summary>
public enum RunOutcome
{
    /// <summary>The verdict was pause. The checkpoint is kept.</summary>
    Paused = 0,

    /// <summary>The verdict was stop: the run has finished, was stopped early or diverged. Or the test part was evaluated.</summary>
    Stopped = 1,

    /// <summary>
    /// The run has a newer assignment, the coordinator does not want it, or the node drains and could not give it back in time. The end of the assignment
    /// was not reported.
    /// </summary>
    Abandoned = 2,

    /// <summary>The run was given back with a checkpoint, because the node drains.</summary>
    Released = 3,

    /// <summary>An error ended the run and was reported.</summary>
    Failed = 4,

    /// <summary>The run was given back, because it could not be started on this node.</summary>
    NotStarted = 5,
}
