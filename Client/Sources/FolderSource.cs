using Client.Running;
using Sweeps.Core;
using Sweeps.Log;
using Sweeps.Log.Folder;

namespace Client.Sources;

/// <summary>
/// Sweeps in a folder of this machine. Steering goes to the process that works on the sweep; when there is none, this one decides itself.
/// </summary>
/// <param name="session">The folder and the clock.</param>
public sealed class FolderSource(Session session) : ISweepSource
{
    private readonly FolderLog log = new(session.Home, session.Time);

    /// <inheritdoc/>
    public string Place => $"the folder {session.Home.Path}";

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> ListAsync(CancellationToken cancel) => log.ListAsync(cancel);

    /// <inheritdoc/>
    public IAsyncEnumerable<LoggedEvent> ReadAsync(string sweep, long afterSeq, CancellationToken cancel) => log.ReadAsync(sweep, afterSeq, cancel);

    /// <inheritdoc/>
    public Task<string?> WorkerAsync(string sweep, CancellationToken cancel) => Task.FromResult(log.Holder(sweep));

    /// <inheritdoc/>
    public Task<Checkpoint?> BestWeightsAsync(string sweep, int run, CancellationToken cancel) =>
        new FolderCheckpoints(session.Home).LoadBestAsync(sweep, run, cancel);

    /// <inheritdoc/>
    public Task<SteerReply> SteerAsync(string sweep, SweepSteered wish, CancellationToken cancel) =>
        LocalSweeps.DecideAsync(session, sweep, wish, cancel);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        log.Dispose();
        return ValueTask.CompletedTask;
    }
}
