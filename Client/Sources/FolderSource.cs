using Client.Local;
using Sweeps.Core;
using Sweeps.Log;
using Sweeps.Log.Folder;

namespace Client.Sources;

/// <summary>
/// The sweeps in a folder of this machine. Steering requests are sent to the process that works on the sweep, or decided in this process if
/// there is none.
/// </summary>
/// <param name="context">The folder and the clock.</param>
public sealed class FolderSource(CommandContext context) : ISweepSource
{
    private readonly FolderLog log = new(context.Home, context.Time);

    /// <inheritdoc/>
    public string Place => $"the folder {context.Home.Path}";

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> ListAsync(CancellationToken cancel) => log.ListAsync(cancel);

    /// <inheritdoc/>
    public IAsyncEnumerable<LoggedEvent> ReadAsync(string sweep, long afterSeq, CancellationToken cancel) => log.ReadAsync(sweep, afterSeq, cancel);

    /// <inheritdoc/>
    public Task<string?> WorkerAsync(string sweep, CancellationToken cancel) => Task.FromResult(log.Holder(sweep));

    /// <inheritdoc/>
    public Task<StoredCheckpoint?> BestWeightsAsync(string sweep, int run, CancellationToken cancel) =>
        new FolderCheckpoints(context.Home).LoadBestAsync(sweep, run, cancel);

    /// <inheritdoc/>
    public Task<OutputPiece> OutputAsync(string sweep, int run, long from, CancellationToken cancel) =>
        new FolderOutputs(context.Home).ReadAsync(sweep, run, from, cancel);

    /// <inheritdoc/>
    public IRunArtifacts Artifacts { get; } = new FolderArtifacts(context.Home.Artifacts);

    /// <inheritdoc/>
    public Task<SteerReply> SteerAsync(string sweep, SweepSteered request, CancellationToken cancel) =>
        LocalSweeps.DecideAsync(context, sweep, request, cancel);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        log.Dispose();
        return ValueTask.CompletedTask;
    }
}
