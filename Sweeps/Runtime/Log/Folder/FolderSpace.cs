namespace Sweeps.Log.Folder;

/// <summary>Measures and frees the disk space of sweeps in a folder.</summary>
/// <param name="home">The folder.</param>
/// <param name="log">The logs in the folder. A sweep is deleted only if no other process holds the lock of its log.</param>
public sealed class FolderSpace(SweepHome home, FolderLog log)
{
    /// <summary>The size of all files of a sweep in bytes.</summary>
    public long SizeOf(string sweep) => Files(home.Folder(sweep)).Sum(file => file.Length);

    /// <summary>
    /// The size of the checkpoints from which runs of a sweep would continue, in bytes. The weights of best epochs, which are used to test, export and
    /// predict, are not counted.
    /// </summary>
    public long CheckpointsOf(string sweep) => Checkpoints(sweep).Sum(file => file.Length);

    /// <summary>
    /// Deletes the checkpoints of an ended sweep. If the sweep is extended later, its runs train again from epoch 1. Throws
    /// <see cref="SweepLockedException"/> if another process holds the sweep's lock.
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
    /// Deletes a sweep with its log. The folder is first renamed to a name that is not listed, so that an interrupted deletion leaves no partial sweep.
    /// Throws <see cref="SweepLockedException"/> if another process holds the sweep's lock.
    /// </summary>
    public void Delete(string sweep)
    {
        // Take and release the lock to check that no process works on the sweep. It cannot be held: Windows does not rename a folder with an open file.
        WithLock(sweep, () => { });
        var renamed = Path.Combine(home.Path, $".deleted-{Guid.NewGuid():N}");
        Directory.Move(home.Folder(sweep), renamed);
        Directory.Delete(renamed, recursive: true);
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
