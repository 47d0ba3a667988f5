using System.Threading.Channels;
using Sweeps.Core;
using Sweeps.Training;

namespace Sweeps.Runs;

/// <summary>
/// Sends the epoch reports of a run in order, while the run continues to train. Reports may be repeated: the coordinator answers a recorded epoch
/// with the recorded verdict.
/// </summary>
internal sealed class ReportQueue
{
    private readonly Channel<Item> items = Channel.CreateUnbounded<Item>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Func<EpochReport, CancellationToken, Task<VerdictReply>> send;
    private readonly Action<EpochReport, VerdictReply> answered;
    private readonly Action<Exception> refused;
    private readonly Task sending;

    /// <param name="send">Sends one report; retries until it is answered or cancelled.</param>
    /// <param name="answered">Called for each answer, in order.</param>
    /// <param name="refused">Called with the exception of <paramref name="send"/>, after which no report is sent.</param>
    /// <param name="cancel">Cancels the reports that are not answered.</param>
    public ReportQueue(
        Func<EpochReport, CancellationToken, Task<VerdictReply>> send, Action<EpochReport, VerdictReply> answered, Action<Exception> refused,
        CancellationToken cancel)
    {
        this.send = send;
        this.answered = answered;
        this.refused = refused;
        sending = SendAllAsync(cancel);
    }

    /// <summary>Queues a report. The task completes with its verdict, or is cancelled if the report is not answered.</summary>
    public Task<VerdictReply> Add(EpochReport report)
    {
        var item = new Item(report, new(TaskCreationOptions.RunContinuationsAsynchronously));
        if (!items.Writer.TryWrite(item))
            item.Answer.SetCanceled(CancellationToken.None);
        return item.Answer.Task;
    }

    /// <summary>Accepts no more reports and waits until the queued ones are answered or cancelled.</summary>
    public Task CompleteAsync()
    {
        items.Writer.TryComplete();
        return sending;
    }

    private async Task SendAllAsync(CancellationToken cancel)
    {
        await foreach (var (report, answer) in items.Reader.ReadAllAsync(CancellationToken.None))
        {
            try
            {
                var reply = await send(report, cancel);
                answered(report, reply);
                answer.SetResult(reply);
            }
            catch (OperationCanceledException) when (cancel.IsCancellationRequested)
            {
                answer.SetCanceled(cancel);
            }
            catch (Exception e)
            {
                items.Writer.TryComplete();
                refused(e);
                answer.SetCanceled(CancellationToken.None);
                while (items.Reader.TryRead(out var unsent))
                    unsent.Answer.SetCanceled(CancellationToken.None);
            }
        }
    }

    private sealed record Item(EpochReport Report, TaskCompletionSource<VerdictReply> Answer);
}
