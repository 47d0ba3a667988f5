using Grains.Contracts;
using Sweeps.Core;
using Sweeps.Log;

namespace Client.Sources;

/// <summary>A place that does not answer now and may answer again. Its message is one sentence.</summary>
public sealed class SourceUnavailableException(string message, Exception inner) : IOException(message, inner);

/// <summary>
/// Where sweeps are: a folder, a database, a cluster. It lists, reads events and passes on what a person decides; everything a command
/// shows is folded from the events, so that every command works the same everywhere.
/// </summary>
public interface ISweepSource : IAsyncDisposable
{
    /// <summary>For messages: <c>the folder /data/sweeps</c>.</summary>
    string Place { get; }

    /// <summary>All sweeps' ids, newest first.</summary>
    Task<IReadOnlyList<string>> ListAsync(CancellationToken cancel);

    /// <summary>The events after <paramref name="afterSeq"/> (0 for all), in order. An unknown sweep has none.</summary>
    IAsyncEnumerable<LoggedEvent> ReadAsync(string sweep, long afterSeq, CancellationToken cancel);

    /// <summary>Who works on a sweep now: <c>process 42 on host since …</c>, <c>3 nodes</c>. Null when no one does.</summary>
    Task<string?> WorkerAsync(string sweep, CancellationToken cancel);

    /// <summary>
    /// The weights of a run's best epoch that are kept, as a <c>.safetensors</c> file, or null. Those of a run that trains are written with its
    /// checkpoints and may be of an earlier epoch than the best in the log.
    /// </summary>
    Task<Checkpoint?> BestWeightsAsync(string sweep, int run, CancellationToken cancel);

    /// <summary>Has the sweep's coordinator decide on what a person wants. The answer comes after it is durable.</summary>
    Task<SteerReply> SteerAsync(string sweep, SweepSteered wish, CancellationToken cancel);

    /// <summary>What keeps a sweep from progress, as far as the machines that work on it know: one sentence each. Default: nothing.</summary>
    Task<IReadOnlyList<string>> ObstaclesAsync(string sweep, CancellationToken cancel) => Task.FromResult<IReadOnlyList<string>>([]);

    /// <summary>How far a run's epoch under way is, or null when nothing trains it or nobody knows. Default: null.</summary>
    Task<ProgressMessage?> ProgressAsync(string sweep, SweepRun run, CancellationToken cancel) => Task.FromResult<ProgressMessage?>(null);
}
