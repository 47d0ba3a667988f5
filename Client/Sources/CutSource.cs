using System.Globalization;
using System.Runtime.CompilerServices;
using Sweeps.Core;
using Sweeps.Log;

namespace Client.Sources;

/// <summary>Shows the sweeps of another source as they were at a point of their logs. They cannot be steered.</summary>
/// <param name="inner">The source.</param>
/// <param name="cut">The point.</param>
/// <param name="say">Receives a sentence that describes the point when a sweep is read for the first time.</param>
/// <remarks>Reading a sweep that began after the cut throws <see cref="SweepNotBegunException"/>.</remarks>
public sealed class CutSource(ISweepSource inner, LogCut cut, Action<string> say) : ISweepSource
{
    private (string Sweep, IReadOnlyList<LoggedEvent> Log, int Count) read = ("", [], 0);

    /// <summary>The source with the whole logs.</summary>
    public ISweepSource Whole => inner;

    /// <inheritdoc/>
    public string Place => inner.Place;

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> ListAsync(CancellationToken cancel) => inner.ListAsync(cancel);

    /// <inheritdoc/>
    public async IAsyncEnumerable<LoggedEvent> ReadAsync(string sweep, long afterSeq, [EnumeratorCancellation] CancellationToken cancel)
    {
        if (read.Sweep != sweep)
            await ReadAsync(sweep, cancel);
        for (var i = (int)Math.Min(afterSeq, read.Count); i < read.Count; i++)
            yield return read.Log[i];
    }

    /// <summary>
    /// The worker at that point is unknown. Before the end of the log some worker existed, so the sweep is not shown as interrupted.
    /// </summary>
    public async Task<string?> WorkerAsync(string sweep, CancellationToken cancel) =>
        read.Count < read.Log.Count ? "the log goes on" : await inner.WorkerAsync(sweep, cancel);

    /// <summary>Not supported: only the weights of the best epoch are stored, none of earlier epochs.</summary>
    public Task<StoredCheckpoint?> BestWeightsAsync(string sweep, int run, CancellationToken cancel) => throw new UsageException(
        "Weights are kept of a run's best epoch so far, and not of an earlier one: leave out --at.");

    /// <inheritdoc/>
    public Task<OutputPiece> OutputAsync(string sweep, int run, long from, CancellationToken cancel) => inner.OutputAsync(sweep, run, from, cancel);

    /// <inheritdoc/>
    public IRunArtifacts Artifacts => inner.Artifacts;

    /// <inheritdoc/>
    public Task<SteerReply> SteerAsync(string sweep, SweepSteered request, CancellationToken cancel) =>
        throw new UsageException("A sweep cannot be steered with --at: leave it out.");

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private async Task ReadAsync(string sweep, CancellationToken cancel)
    {
        var log = new List<LoggedEvent>();
        await foreach (var logged in inner.ReadAsync(sweep, 0, cancel))
            log.Add(logged);
        try
        {
            read = (sweep, log, cut.CountOf(log));
        }
        catch (FormatException early)
        {
            throw new SweepNotBegunException($"--at: {sweep}: {early.Message}", early);
        }
        if (log.Count > 0)
            say(string.Create(CultureInfo.InvariantCulture, $"{sweep} as it was at {log[read.Count - 1].At:u}, after {read.Count:N0} of {log.Count:N0} events"));
    }
}

/// <summary>The sweep was created after the point at which it should be shown.</summary>
public sealed class SweepNotBegunException(string message, Exception inner) : UsageException(message, inner);
