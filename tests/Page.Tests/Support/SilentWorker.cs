using Sweeps.Core;
using Sweeps.Log;
using Sweeps.Page;

namespace Page.Tests.Support;

/// <summary>A source that never says which process runs a sweep, like a cluster whose directory was on a silo that has died.</summary>
internal sealed class SilentWorker(IPageSource source) : IPageSource
{
    public string Place => source.Place;

    public bool CanSteer => source.CanSteer;

    public bool CanEdit => source.CanEdit;

    public Task<IReadOnlyList<string>> ListAsync(CancellationToken cancel) => source.ListAsync(cancel);

    public IAsyncEnumerable<LoggedEvent> ReadAsync(string sweep, long afterSeq, CancellationToken cancel) => source.ReadAsync(sweep, afterSeq, cancel);

    public Task<string?> WorkerAsync(string sweep, CancellationToken cancel) => new TaskCompletionSource<string?>().Task.WaitAsync(cancel);

    public Task<StoredCheckpoint?> BestWeightsAsync(string sweep, int run, CancellationToken cancel) => source.BestWeightsAsync(sweep, run, cancel);

    public Task<SteerReply> SteerAsync(string sweep, PageRequest request, CancellationToken cancel) => source.SteerAsync(sweep, request, cancel);

    public SweepSpec Changed(string spec, IReadOnlyList<(string Key, string Value)> changes) => source.Changed(spec, changes);
}
