using Sweeps.Core;
using Sweeps.Files;
using Sweeps.Page.Columns;

namespace Sweeps.Page;

/// <summary>The columns of one sweep, shared by all pages that show it. Thread-safe.</summary>
/// <param name="source">The source that has the sweep.</param>
/// <param name="sweep">Its id.</param>
/// <param name="time">The clock.</param>
internal sealed class SweepFeed(IPageSource source, string sweep, TimeProvider time) : IDisposable
{
    /// <summary>The shortest time between two reads of the log, for any number of pages.</summary>
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(40);

    private readonly SemaphoreSlim gate = new(1);
    private readonly SweepColumns columns = new(SweepFile.Stored);
    private long readAt;

    /// <summary>Reads the new events of the log, and returns the result of <paramref name="look"/>. It must not keep the columns.</summary>
    public async Task<T> LookAsync<T>(Func<SweepColumns, T> look, CancellationToken cancel)
    {
        await gate.WaitAsync(cancel);
        try
        {
            if (columns.Rows == 0 || time.GetElapsedTime(readAt) > Pace)
            {
                await foreach (var logged in source.ReadAsync(sweep, columns.State.Seq, cancel))
                    columns.Add(logged);
                readAt = time.GetTimestamp();
            }
            return look(columns);
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>
    /// Returns the result of <paramref name="look"/> on the state after the event <paramref name="seq"/>; on the current state if
    /// <paramref name="seq"/> is not below the last event. Reads the log again, so that a slow <paramref name="look"/> does not keep
    /// <see cref="LookAsync"/> from sending new rows to the pages.
    /// </summary>
    public async Task<T> AtAsync<T>(long seq, Func<SweepState, T> look, CancellationToken cancel)
    {
        var state = new SweepState(SweepFile.Stored);
        await foreach (var logged in source.ReadAsync(sweep, 0, cancel))
        {
            if (logged.Seq > seq)
                break;
            state.Apply(logged);
        }
        return look(state);
    }

    public void Dispose() => gate.Dispose();
}
