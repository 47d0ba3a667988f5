using Sweeps.Core;
using Sweeps.Files;
using Sweeps.Page.Columns;

namespace Sweeps.Page;

/// <summary>The columns of one sweep, kept up to date for all pages that show it.</summary>
/// <param name="source">Where the sweep is.</param>
/// <param name="sweep">Its id.</param>
/// <param name="time">The clock.</param>
internal sealed class SweepFeed(IPageSource source, string sweep, TimeProvider time) : IDisposable
{
    /// <summary>The log is read at most so often, however many pages ask.</summary>
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(40);

    private readonly SemaphoreSlim gate = new(1);
    private readonly SweepColumns columns = new(SweepFile.Stored);
    private long readAt;

    /// <summary>Reads what has been appended, and returns what <paramref name="look"/> computes from the columns.</summary>
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

    /// <summary>The events of the log up to <paramref name="seq"/>, folded; the current state when it is not below the last event.</summary>
    public async Task<T> AtAsync<T>(long seq, Func<SweepState, T> look, CancellationToken cancel)
    {
        if (seq >= await LookAsync(now => now.State.Seq, cancel))
            return await LookAsync(now => look(now.State), cancel);
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
