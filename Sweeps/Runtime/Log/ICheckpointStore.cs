namespace Sweeps.Log;

/// <summary>
/// Stores checkpoints of runs: opaque bytes with a SHA-256, written atomically. It keeps the last two checkpoints of each run and the weights of
/// its best epoch.
/// </summary>
public interface ICheckpointStore
{
    /// <summary>
    /// Makes <paramref name="generation"/> the owner of the run, so that writes of older generations are refused. Returns false if a newer generation owns
    /// the run.
    /// </summary>
    Task<bool> ClaimAsync(string sweep, int run, int generation, CancellationToken cancel);

    /// <summary>
    /// Claims the run as <see cref="ClaimAsync"/> does and writes a checkpoint, atomically. Returns false if a newer generation owns the run. Deletes all
    /// but the newest two checkpoints.
    /// </summary>
    Task<bool> SaveAsync(string sweep, StoredCheckpoint checkpoint, CancellationToken cancel);

    /// <summary>Returns the newest intact checkpoint of a run, or null.</summary>
    Task<StoredCheckpoint?> LoadAsync(string sweep, int run, CancellationToken cancel);

    /// <summary>
    /// Claims the run and replaces the weights of its best epoch, atomically. Returns false if a newer generation owns the run.
    /// </summary>
    Task<bool> SaveBestAsync(string sweep, StoredCheckpoint weights, CancellationToken cancel);

    /// <summary>Returns the weights of the run's best epoch; null if they are missing or damaged.</summary>
    Task<StoredCheckpoint?> LoadBestAsync(string sweep, int run, CancellationToken cancel);

    /// <summary>Deletes the checkpoints and the best weights of runs that are not trained again.</summary>
    Task DeleteAsync(string sweep, IReadOnlyCollection<int> runs, CancellationToken cancel);
}

/// <summary>
/// A stored training state of a run: a <see cref="Sweeps.Runs.RunCheckpoint"/> written after <paramref name="Epoch"/> or within the next one, or the
/// weights of the best epoch.
/// </summary>
public sealed record StoredCheckpoint(int Run, int Epoch, int Generation, ReadOnlyMemory<byte> Data);
