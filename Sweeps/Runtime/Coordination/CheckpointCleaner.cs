using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Sweeps.Coordination;

/// <summary>Deletes the checkpoints of finished runs in the background. Failures are logged, not retried; they only cost disk space.</summary>
internal sealed partial class CheckpointCleaner : IAsyncDisposable
{
    private readonly string sweep;
    private readonly CoordinatorContext context;
    private readonly Channel<IReadOnlyCollection<int>> waiting = Channel.CreateUnbounded<IReadOnlyCollection<int>>();
    private readonly CancellationTokenSource closing = new();
    private readonly Task deleting;

    public CheckpointCleaner(string sweep, CoordinatorContext context)
    {
        (this.sweep, this.context) = (sweep, context);
        deleting = Task.Run(DeleteAllAsync);
    }

    /// <summary>Queues runs for deletion. Does not block.</summary>
    public void Delete(IReadOnlyCollection<int> runs)
    {
        if (runs.Count > 0)
            waiting.Writer.TryWrite(runs);
    }

    public async ValueTask DisposeAsync()
    {
        waiting.Writer.TryComplete();
        await closing.CancelAsync();
        await deleting;
        closing.Dispose();
    }

    private async Task DeleteAllAsync()
    {
        await foreach (var runs in waiting.Reader.ReadAllAsync())
        {
            try
            {
                await context.Checkpoints.DeleteAsync(sweep, runs, closing.Token);
            }
            catch (Exception) when (closing.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                CheckpointsNotDeleted(context.Logger, sweep, runs.Count, e);
            }
        }
    }

    [LoggerMessage(204, LogLevel.Warning, "Sweep {Sweep}: checkpoints of {Runs} ended runs could not be deleted; they only cost disk space.")]
    private static partial void CheckpointsNotDeleted(ILogger logger, string sweep, int runs, Exception error);
}
