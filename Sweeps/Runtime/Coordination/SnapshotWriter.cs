using Microsoft.Extensions.Logging;
using Sweeps.Core;
using Sweeps.Log;

namespace Sweeps.Coordination;

/// <summary>
/// Writes a snapshot after <see cref="CoordinatorContext.SnapshotEvery"/> events, and not before the log has grown by a quarter, so that
/// snapshots of a long sweep do not dominate its cost. The pump serializes the state; a background task writes it, one at a time. Failures are
/// logged, not retried; they only make the next start slower.
/// </summary>
internal sealed partial class SnapshotWriter(string sweep, CoordinatorContext context, long lastSeq) : IAsyncDisposable
{
    private long last = lastSeq;
    private Task writing = Task.CompletedTask;

    /// <summary>Starts to write a snapshot if one is due. Called by the pump when all of the state is durable.</summary>
    public void WriteWhenDue(SweepState state)
    {
        if (state.Seq - last < Math.Max(context.SnapshotEvery, last / 4) || !writing.IsCompleted)
            return;
        last = state.Seq;
        var snapshot = new LogSnapshot(state.Seq, SweepSnapshot.Write(state));
        writing = Task.Run(() => WriteAsync(snapshot));
    }

    public async ValueTask DisposeAsync() => await writing;

    private async Task WriteAsync(LogSnapshot snapshot)
    {
        try
        {
            await context.Log.WriteSnapshotAsync(sweep, snapshot, CancellationToken.None);
        }
        catch (Exception e)
        {
            SnapshotNotWritten(context.Logger, sweep, snapshot.Seq, e);
        }
    }

    [LoggerMessage(206, LogLevel.Warning, "Sweep {Sweep}: the snapshot at event {Seq} could not be written; the next start takes longer.")]
    private static partial void SnapshotNotWritten(ILogger logger, string sweep, long seq, Exception error);
}
