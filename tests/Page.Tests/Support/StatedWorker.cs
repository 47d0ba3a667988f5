using Sweeps.Core;
using Sweeps.Log;
using Sweeps.Page;

namespace Page.Tests.Support;

/// <summary>
/// A source that states which process runs its sweeps. Without one it never says it, like a cluster whose directory was on a silo that has died.
/// </summary>
internal sealed class StatedWorker(IPageSource source, string? worker = null) : IPageSource
{
    public string Place => source.Place;

    public bool CanSteer => source.CanSteer;

    public bool CanEdit => source.CanEdit;

    public Task<IReadOnlyList<string>> ListAsync(CancellationToken cancel) => source.ListAsync(cancel);

    public IAsyncEnumerable<LoggedEvent> ReadAsync(string sweep, long afterSeq, CancellationToken cancel) => source.ReadAsync(sweep, afterSeq, cancel);

    public Task<string?> WorkerAsync(string sweep, CancellationToken cancel) =>
        worker is null ? new TaskCompletionSource<string?>().Task.WaitAsync(cancel) : Task.FromResult<string?>(worker);

    public Task<StoredCheckpoint?> BestWeightsAsync(string sweep, int run, CancellationToken cancel) => source.BestWeightsAsync(sweep, run, cancel);

    public Task<SteerReply> SteerAsync(string sweep, PageRequest request, CancellationToken cancel) => source.SteerAsync(sweep, request, cancel);

    public SweepSpec Changed(string spec, IReadOnlyList<(string Key, string Value)> changes) => source.Changed(spec, changes);
}
