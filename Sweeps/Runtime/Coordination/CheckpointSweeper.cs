using System.Threading.Channels;

namespace Sweeps.Coordination;

/// <summary>Deletes checkpoints that nobody will want again, behind the coordinator's back. A failure costs only space: it is told.</summary>
internal sealed class CheckpointSweeper : IAsyncDisposable
{
    private readonly string sweep;
    private readonly CoordinatorContext context;
    private readonly Channel<IReadOnlyCollection<int>> waiting = Channel.CreateUnbounded<IReadOnlyCollection<int>>();
    private readonly CancellationTokenSource closing = new();
    private readonly Task deleting;

    public CheckpointSweeper(string sweep, CoordinatorContext context)
    {
        (this.sweep, this.context) = (sweep, context);
        deleting = Task.Run(DeleteAllAsync);
    }

    /// <summary>Queues runs. Returns at once.</summary>
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
                context.Logger.CheckpointsNotDeleted(sweep, runs.Count, e);
            }
        }
    }
}
