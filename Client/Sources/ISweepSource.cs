using Grains.Contracts;
using Sweeps.Core;
using Sweeps.Log;

namespace Client.Sources;

/// <summary>A source does not answer at the moment. The message is one sentence.</summary>
public sealed class SourceUnavailableException(string message, Exception inner) : IOException(message, inner);

/// <summary>
/// A place that holds sweeps: a folder, a store or a cluster. It lists sweeps, reads their events and forwards requests to steer them. Commands compute
/// everything they show from the events, so that they work the same with every source.
/// </summary>
public interface ISweepSource : IAsyncDisposable
{
    /// <summary>For messages: <c>the folder /data/sweeps</c>.</summary>
    string Place { get; }

    /// <summary>All sweeps' ids, newest first.</summary>
    Task<IReadOnlyList<string>> ListAsync(CancellationToken cancel);

    /// <summary>The events after <paramref name="afterSeq"/> (0 for all), in order. An unknown sweep has none.</summary>
    IAsyncEnumerable<LoggedEvent> ReadAsync(string sweep, long afterSeq, CancellationToken cancel);

    /// <summary>What works on a sweep now: <c>process 42 on host since …</c>, <c>3 nodes</c>; null when nothing does.</summary>
    Task<string?> WorkerAsync(string sweep, CancellationToken cancel);

    /// <summary>
    /// The weights of a run's best epoch, as a <c>.safetensors</c> file, or null when they are not kept. A run that trains writes them with its
    /// checkpoints, so they may be of an earlier epoch than the best one in the log.
    /// </summary>
    Task<StoredCheckpoint?> BestWeightsAsync(string sweep, int run, CancellationToken cancel);

    /// <summary>A piece of the output of a run's program from a position on; see <see cref="IRunOutputs.ReadAsync"/>.</summary>
    Task<OutputPiece> OutputAsync(string sweep, int run, long from, CancellationToken cancel);

    /// <summary>The files that runs' programs left in <c>SWEEP_OUT</c>.</summary>
    IRunArtifacts Artifacts { get; }

    /// <summary>Sends a request to the sweep's coordinator. The answer comes after its events are durable.</summary>
    Task<SteerReply> SteerAsync(string sweep, SweepSteered request, CancellationToken cancel);

    /// <summary>What keeps a sweep from progress, one sentence each, as far as the nodes know. Default: nothing.</summary>
    Task<IReadOnlyList<string>> ObstaclesAsync(string sweep, CancellationToken cancel) => Task.FromResult<IReadOnlyList<string>>([]);

    /// <summary>The progress of a run's current epoch, or null when it does not train or the source does not know. Default: null.</summary>
    Task<ProgressMessage?> ProgressAsync(string sweep, SweepRun run, CancellationToken cancel) => Task.FromResult<ProgressMessage?>(null);
}
