using Grains.Contracts;
using Sweeps.Core;
using Sweeps.Log;

namespace Client.Sources;

/// <summary>A source does not answer. The message is one sentence for the user.</summary>
public sealed class SourceUnavailableException(string message, Exception inner) : IOException(message, inner);

/// <summary>
/// A source of sweeps: a folder, a store or a cluster. It lists sweeps, reads their events and forwards steering requests. Commands compute
/// all their output from the events, so that they work the same with every source.
/// </summary>
public interface ISweepSource : IAsyncDisposable
{
    /// <summary>The name of the source in messages: <c>the folder /data/sweeps</c>.</summary>
    string Place { get; }

    /// <summary>The ids of all sweeps, newest first.</summary>
    Task<IReadOnlyList<string>> ListAsync(CancellationToken cancel);

    /// <summary>The events after <paramref name="afterSeq"/> (0 for all), in order. An unknown sweep has none.</summary>
    IAsyncEnumerable<LoggedEvent> ReadAsync(string sweep, long afterSeq, CancellationToken cancel);

    /// <summary>The current worker of a sweep: <c>process 42 on host since …</c>, <c>3 nodes</c>; null when there is none.</summary>
    Task<string?> WorkerAsync(string sweep, CancellationToken cancel);

    /// <summary>
    /// The weights of a run's best epoch, as a <c>.safetensors</c> file, or null when they are not stored. A running run writes them with
    /// its checkpoints, so they may be of an earlier epoch than the best one in the log.
    /// </summary>
    Task<StoredCheckpoint?> BestWeightsAsync(string sweep, int run, CancellationToken cancel);

    /// <summary>Reads a piece of the output of a run's program from a position; see <see cref="IRunOutputs.ReadAsync"/>.</summary>
    Task<OutputPiece> OutputAsync(string sweep, int run, long from, CancellationToken cancel);

    /// <summary>The files that programs of runs wrote to <c>SWEEP_OUT</c>.</summary>
    IRunArtifacts Artifacts { get; }

    /// <summary>Sends a request to the sweep's coordinator. Returns after its events are durable.</summary>
    Task<SteerReply> SteerAsync(string sweep, SweepSteered request, CancellationToken cancel);

    /// <summary>The obstacles that keep a sweep from progress, as reported by nodes, one sentence each. Empty by default.</summary>
    Task<IReadOnlyList<string>> ObstaclesAsync(string sweep, CancellationToken cancel) => Task.FromResult<IReadOnlyList<string>>([]);

    /// <summary>
    /// The progress of a run's current epoch, or null when the run is not running or the source does not know it. Null by default.
    /// </summary>
    Task<ProgressMessage?> ProgressAsync(string sweep, SweepRun run, CancellationToken cancel) => Task.FromResult<ProgressMessage?>(null);
}
