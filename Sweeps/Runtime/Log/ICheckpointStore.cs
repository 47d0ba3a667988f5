namespace Sweeps.Log;

/// <summary>
/// Checkpoints of runs: opaque bytes with a SHA-256, written atomically. Of a run the last two are kept, and beside them the weights of its best
/// epoch.
/// </summary>
public interface ICheckpointStore
{
    /// <summary>
    /// Makes <paramref name="generation"/> the only one that may write from now on. False when a newer one owns the run.
    /// </summary>
    Task<bool> ClaimAsync(string sweep, int run, int generation, CancellationToken cancel);

    /// <summary>
    /// Claims the run as <see cref="ClaimAsync"/> does and writes a checkpoint, in one step. False when a newer generation owns the run: abandon
    /// it. Only the newest two are kept.
    /// </summary>
    Task<bool> SaveAsync(string sweep, Checkpoint checkpoint, CancellationToken cancel);

    /// <summary>The newest checkpoint of a run that is whole, or null. A damaged one is passed over.</summary>
    Task<Checkpoint?> LoadAsync(string sweep, int run, CancellationToken cancel);

    /// <summary>
    /// Replaces the weights of the run's best epoch, fenced as <see cref="SaveAsync"/> is. False when a newer generation owns the run.
    /// </summary>
    Task<bool> SaveBestAsync(string sweep, Checkpoint weights, CancellationToken cancel);

    /// <summary>The weights of the run's best epoch, or null when there are none or they are damaged.</summary>
    Task<Checkpoint?> LoadBestAsync(string sweep, int run, CancellationToken cancel);

    /// <summary>Deletes the checkpoints and best weights of runs that will never be trained again.</summary>
    Task DeleteAsync(string sweep, IReadOnlyCollection<int> runs, CancellationToken cancel);
}

/// <summary>
/// A run's training state after <paramref name="Epoch"/> (perhaps in the middle of the next), with the reports that led there; or, as best
/// weights, what predictions need of that epoch.
/// </summary>
public sealed record Checkpoint(int Run, int Epoch, int Generation, ReadOnlyMemory<byte> Data);
