using System.Globalization;
using Sweeps.Log;

namespace Sweeps.Programs;

/// <summary>
/// The folder <c>SWEEP_OUT</c> of a run on this node. Where nodes share no folder, its files are copied to the store when a checkpoint is taken and
/// when the program ends, and from there to the node that goes on with the run.
/// </summary>
/// <param name="folder">The folder.</param>
/// <param name="store">The store, or null when the folder itself is where the files are kept.</param>
/// <param name="sweep">The sweep.</param>
/// <param name="run">The run.</param>
internal sealed class ArtifactFolder(string folder, IArtifactStore? store, string sweep, int run)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly Dictionary<string, (long Length, DateTime At)> saved = new(StringComparer.Ordinal);
    private bool open;

    /// <summary>Creates the folder, with the files of earlier assignments of the run.</summary>
    /// <param name="again">Whether the run was assigned before.</param>
    public void Open(bool again)
    {
        Directory.CreateDirectory(folder);
        // A program that is started again on this node finds its files as it left them.
        if (store is null || !again || open)
        {
            open = true;
            return;
        }
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
    /// Copies new and changed files to the store, as many as it takes of a run, in the order of their paths. Returns a sentence about those that it
    /// does not take, or that could not be copied; else null.
    /// </summary>
    public string? Save()
    {
        if (store is null || !Directory.Exists(folder))
            return null;
        var (left, over) = (IArtifactStore.MaxBytes, new List<string>());
        using var cancel = new CancellationTokenSource(Limit);
        try
        {
            var files = new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories)
                .ToDictionary(file => Path.GetRelativePath(folder, file.FullName).Replace(Path.DirectorySeparatorChar, '/'), StringComparer.Ordinal);
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
            // The program changes its files, or the store does not answer: the run goes on, and the next copy has them.
            return $"files of SWEEP_OUT could not be copied to the store: {e.Message.Split('\n')[0]}";
        }
        return over.Count == 0 ? null : string.Create(CultureInfo.InvariantCulture,
            $"the store keeps {IArtifactStore.MaxBytes / 1e6:N0} MB of SWEEP_OUT: only on this node {(over.Count == 1 ? "is" : "are")} {string.Join(", ", over.Take(5))}{(over.Count > 5 ? $" and {over.Count - 5} more" : "")}");
    }

    private static (long Length, DateTime At) Stamp(FileInfo file) => (file.Length, file.LastWriteTimeUtc);

    /// <summary>The thread of the slot waits for the store, as it does for the program.</summary>
    private static T Wait<T>(Task<T> task) => task.GetAwaiter().GetResult();

    private static void Wait(Task task) => task.GetAwaiter().GetResult();
}
