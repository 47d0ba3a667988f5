using System.Globalization;
using Sweeps.Log;

namespace Sweeps.Programs;

/// <summary>
/// The folder <c>SWEEP_OUT</c> of a run on this node. If nodes share no folder, its files are copied to the store when a checkpoint is taken and at the
/// end of the assignment, and from there to the node that continues the run. Symbolic links, sockets, named pipes and devices are not copied.
/// </summary>
/// <param name="folder">The folder.</param>
/// <param name="store">The store; null if the files are kept in the folder itself.</param>
/// <param name="sweep">The sweep.</param>
/// <param name="run">The run.</param>
internal sealed class ArtifactFolder(string folder, IArtifactStore? store, string sweep, int run)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly Dictionary<string, (long Length, DateTime At)> saved = new(StringComparer.Ordinal);
    private bool open;

    /// <summary>Creates the folder and copies the files of earlier assignments of the run from the store.</summary>
    /// <param name="again">Whether the run was assigned before.</param>
    public void Open(bool again)
    {
        // A process that is started again in this assignment finds the files of the process before it.
        if (store is null || !again || open)
        {
            Directory.CreateDirectory(folder);
            open = true;
            return;
        }
        // An earlier assignment on this node may have left files that the run has deleted on another node since, so start with an empty folder.
        ProgramFiles.Empty(folder);
        using var cancel = new CancellationTokenSource(Limit);
        foreach (var file in Wait(store.ListAsync(sweep, run, cancel.Token)))
        {
            var path = Path.Combine(folder, file.Path);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            using (var content = File.Create(path))
                for (var position = 0L; position < file.Bytes;)
                {
                    var piece = Wait(store.ReadAsync(sweep, run, file.Path, position, cancel.Token));
                    if (piece.Length == 0)
                        break;
                    content.Write(piece);
                    position += piece.Length;
                }
            saved[file.Path] = Stamp(new FileInfo(path));
        }
        open = true;
    }

    /// <summary>
    /// Copies new and changed files to the store in the order of their paths, up to <see cref="IArtifactStore.MaxBytes"/>. Returns a sentence about the files
    /// that were not copied or about an error; else null.
    /// </summary>
    public string? Save()
    {
        if (store is null || !Directory.Exists(folder))
            return null;
        var (left, over, links) = (IArtifactStore.MaxBytes, new List<string>(), new List<string>());
        using var cancel = new CancellationTokenSource(Limit);
        try
        {
            var files = new Dictionary<string, FileInfo>(StringComparer.Ordinal);
            foreach (var entry in ProgramFiles.In(folder))
                if (ProgramFiles.IsFile(entry))
                    files.Add(ProgramFiles.NameIn(folder, entry), (FileInfo)entry);
                else if (entry is FileInfo || ProgramFiles.IsLink(entry))
                    links.Add(ProgramFiles.NameIn(folder, entry));
            foreach (var gone in saved.Keys.Except(files.Keys).ToList())
            {
                Wait(store.DeleteAsync(sweep, run, gone, cancel.Token));
                saved.Remove(gone);
            }
            foreach (var (path, file) in files.OrderBy(file => file.Key, StringComparer.Ordinal))
            {
                var stamp = Stamp(file);
                if (stamp.Length > left)
                {
                    over.Add(path);
                    continue;
                }
                left -= stamp.Length;
                if (saved.TryGetValue(path, out var known) && known == stamp)
                    continue;
                using var content = new FileStream(file.FullName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
                Wait(store.SaveAsync(sweep, run, path, content, cancel.Token));
                saved[path] = stamp;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or OperationCanceledException or System.Data.Common.DbException)
        {
            // The program is changing its files, or the store does not answer. The run continues, and the next call copies them.
            return $"files of SWEEP_OUT could not be copied to the store: {e.Message.Split('\n')[0]}";
        }
        var problems = new List<string>();
        if (over.Count > 0)
            problems.Add(string.Create(CultureInfo.InvariantCulture,
                $"the store keeps {IArtifactStore.MaxBytes / 1e6:N0} MB of SWEEP_OUT: only on this node {(over.Count == 1 ? "is" : "are")} {ProgramFiles.Some(over)}"));
        if (links.Count > 0)
            problems.Add($"links, sockets, named pipes and devices of SWEEP_OUT are not copied to the store: {ProgramFiles.Some(links)}");
        return problems.Count == 0 ? null : string.Join("; ", problems);
    }

    /// <summary>
    /// Does the same at the end of the assignment, and deletes the folder if the store has all of it: the next assignment copies it from there.
    /// </summary>
    public string? Close()
    {
        var problem = Save();
        try
        {
            if (store is not null && problem is null && Directory.Exists(folder))
                Directory.Delete(folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"the files of SWEEP_OUT could not be deleted on this node: {e.Message}";
        }
        return problem;
    }

    private static (long Length, DateTime At) Stamp(FileInfo file) => (file.Length, file.LastWriteTimeUtc);

    /// <summary>Blocks until a task has completed. The caller is the thread of the slot, which may block.</summary>
    private static T Wait<T>(Task<T> task) => task.GetAwaiter().GetResult();

    private static void Wait(Task task) => task.GetAwaiter().GetResult();
}
