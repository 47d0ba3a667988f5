using System.Runtime.CompilerServices;
using Sweeps.Core;
using Sweeps.Log;
using Sweeps.Log.Folder;

namespace Grains.Tests;

/// <summary>A log in which reads of one sweep wait until they are released.</summary>
internal sealed class GatedLog(FolderLog log) : IEventLog, IDisposable
{
    private volatile Exception? trouble;
    private readonly TaskCompletionSource released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The sweep whose reads wait.</summary>
    public string? Held { get; set; }

    /// <summary>What appends throw; null if they succeed.</summary>
    public Exception? Trouble { get => trouble; set => trouble = value; }

    public void Release() => released.TrySetResult();

    public Task<IReadOnlyList<string>> ListAsync(CancellationToken cancel) => log.ListAsync(cancel);

    public Task<IReadOnlyList<string>> ActiveAsync(CancellationToken cancel) => log.ActiveAsync(cancel);

    public async IAsyncEnumerable<LoggedEvent> ReadAsync(
        string sweep, long afterSeq, [EnumeratorCancellation] CancellationToken cancel, int limit = int.MaxValue)
    {
        if (sweep == Held)
            await released.Task.WaitAsync(cancel);
        await foreach (var logged in log.ReadAsync(sweep, afterSeq, cancel, limit))
            yield return logged;
    }

    public Task AppendAsync(string sweep, IReadOnlyList<LoggedEvent> events, CancellationToken cancel) =>
        Trouble is { } problem ? Task.FromException(problem) : log.AppendAsync(sweep, events, cancel);

    public Task<LogSnapshot?> ReadSnapshotAsync(string sweep, CancellationToken cancel) => log.ReadSnapshotAsync(sweep, cancel);

    public Task WriteSnapshotAsync(string sweep, LogSnapshot snapshot, CancellationToken cancel) => log.WriteSnapshotAsync(sweep, snapshot, cancel);

    public void Dispose() => log.Dispose();
}
