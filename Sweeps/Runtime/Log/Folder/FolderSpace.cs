namespace Sweeps.Log.Folder;

/// <summary>Counts and frees the disk space of sweeps in a folder.</summary>
/// <param name="home">The folder.</param>
/// <param name="log">Its logs; their locks keep other processes from a sweep that is deleted.</param>
public sealed class FolderSpace(SweepHome home, FolderLog log)
{
    /// <summary>The bytes of all files of a sweep.</summary>
    public long SizeOf(string sweep) => Files(home.Folder(sweep)).Sum(file => file.Length);

    /// <summary>
    /// The bytes of the checkpoints with which runs of a sweep would go on. Weights of best epochs, which are tested, exported and predicted with, are
    /// not counted.
    /// </summary>
    public long CheckpointsOf(string sweep) => Checkpoints(sweep).Sum(file => file.Length);

    /// <summary>
    /// Deletes the checkpoints of an ended sweep. If it is extended later, its runs train again from the start. Throws
    /// <see cref="SweepLockedException"/> when a process works on it.
    /// </summary>
    public void DeleteCheckpoints(string sweep) => WithLock(sweep, () =>
    {
        foreach (var file in Checkpoints(sweep).ToList())
            file.Delete();
        foreach (var run in Directory.Exists(CheckpointFolder(sweep)) ? Directory.GetDirectories(CheckpointFolder(sweep)) : [])
            if (!Directory.EnumerateFileSystemEntries(run).Any())
                Directory.Delete(run);
    });

    /// <summary>
    /// Deletes a sweep with its log, whole or not at all: the folder gets a name under which no sweep is listed before it is deleted. Throws
    /// <see cref="SweepLockedException"/> when a process works on it.
    /// </summary>
    public void Delete(string sweep)
    {
        // Windows moves no folder with an open file, so the lock only shows that nobody works on the sweep.
        WithLock(sweep, () => { });
        var aside = Path.Combine(home.Path, $".deleted-{Guid.NewGuid():N}");
        Directory.Move(home.Folder(sweep), aside);
        Directory.Delete(aside, recursive: true);
    }

    private static IEnumerable<FileInfo> Files(string folder) =>
        Directory.Exists(folder) ? new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories) : [];

    private string CheckpointFolder(string sweep) => Path.Combine(home.Folder(sweep), "checkpoints");

    private IEnumerable<FileInfo> Checkpoints(string sweep) =>
        Files(CheckpointFolder(sweep)).Where(file => file.Extension == FolderCheckpoints.Newest);

    private void WithLock(string sweep, Action action)
    {
        log.Lock(sweep);
        try
        {
            action();
        }
        finally
        {
            log.Close(sweep);
        }
    }
}
