using Client.Local;
using Sweeps.Core;
using Sweeps.Log;
using Sweeps.Page;

namespace Client.Sources;

/// <summary>Provides the sweeps of an <see cref="ISweepSource"/> to the page.</summary>
/// <param name="source">The source.</param>
/// <param name="user">The user to record in the log with steering requests.</param>
public sealed class PageSource(ISweepSource source, string user) : IPageSource
{
    /// <inheritdoc/>
    public string Place => source.Place;

    /// <inheritdoc/>
    public bool CanSteer => source is not StoreSource;

    /// <inheritdoc/>
    public bool CanEdit => true;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> ListAsync(CancellationToken cancel)
    {
        try
        {
            return await source.ListAsync(cancel);
        }
        catch (UsageException mistake)
        {
            // The store has no tables yet.
            throw new PageRequestException(mistake.Message, mistake);
        }
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<LoggedEvent> ReadAsync(string sweep, long afterSeq, CancellationToken cancel) => source.ReadAsync(sweep, afterSeq, cancel);

    /// <inheritdoc/>
    public Task<string?> WorkerAsync(string sweep, CancellationToken cancel) => source.WorkerAsync(sweep, cancel);

    /// <inheritdoc/>
    public async Task<StoredCheckpoint?> BestWeightsAsync(string sweep, int run, CancellationToken cancel)
    {
        try
        {
            return await source.BestWeightsAsync(sweep, run, cancel);
        }
        catch (UsageException mistake)
        {
            // With --at a sweep has no weights.
            throw new PageRequestException(mistake.Message, mistake);
        }
    }

    /// <inheritdoc/>
    public async Task<SteerReply> SteerAsync(string sweep, PageRequest request, CancellationToken cancel)
    {
        try
        {
            var action = request.ToAction() ?? (request.Action == "enqueue"
                ? new SteerAction.Enqueue(SweepFileEdit.Configuration((await source.FoldAsync(sweep, cancel)).State.SpecText, request.Values ?? []))
                : throw new PageRequestException($"There is no action '{request.Action}', or it needs a run."));
            return await source.SteerAsync(sweep, new SweepSteered(user, request.Why, action, Guid.NewGuid().ToString("N")), cancel);
        }
        catch (UsageException mistake)
        {
            throw new PageRequestException(mistake.Message, mistake);
        }
    }

    /// <inheritdoc/>
    public SweepSpec Changed(string spec, IReadOnlyList<(string Key, string Value)> changes)
    {
        try
        {
            return SweepFileEdit.Apply(spec, "sweep.yaml", [.. changes.Select(change => change.Key == "early_terminate"
                ? SweepFileEdit.ReplaceRules(SweepSources.ReadSpec(spec), change.Value)
                : change)], elsewhere: true).File.Spec;
        }
        catch (UsageException mistake)
        {
            throw new PageRequestException(mistake.Message, mistake);
        }
    }
}
