using Sweeps.Core;
using Sweeps.Log;

namespace Sweeps.Coordination;

/// <summary>
/// Writes a snapshot after so many events, and never before the log has grown by a quarter, so that a long sweep does not spend its time on
/// them. The pump serializes the state, which is its own; writing happens behind its back, one at a time. A
/// failure costs only time at the next start: it is told.
/// </summary>
internal sealed class SnapshotWriter(string sweep, CoordinatorContext context, long lastSeq) : IAsyncDisposable
{
    private long last = lastSeq;
    private Task writing = Task.CompletedTask;

    /// <summary>Called by the pump when all of the state is durable.</summary>
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
            context.Logger.SnapshotNotWritten(sweep, snapshot.Seq, e);
        }
    }
}
