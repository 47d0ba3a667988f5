using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Engine.Data;

namespace Sweeps.Log;

/// <summary>
/// Keeps large checkpoints as files of a folder that all nodes share, and only the names of these files in another store, which fences and orders
/// them. A file is written before its name and never changes.
/// </summary>
/// <param name="inner">Keeps the names of files, small checkpoints, and the best weights.</param>
/// <param name="folder">The shared folder.</param>
public sealed class SharedCheckpoints(ICheckpointStore inner, string folder) : ICheckpointStore
{
    /// <summary>The largest checkpoint that is kept in the inner store, in bytes.</summary>
    public const int Large = 1 << 20;

    private static readonly byte[] Magic = "SWEEPREF"u8.ToArray();

    /// <inheritdoc/>
    public Task<bool> ClaimAsync(string sweep, int run, int generation, CancellationToken cancel) => inner.ClaimAsync(sweep, run, generation, cancel);

    /// <inheritdoc/>
    public async Task<bool> SaveAsync(string sweep, StoredCheckpoint checkpoint, CancellationToken cancel)
    {
        if (checkpoint.Data.Length <= Large)
            return await inner.SaveAsync(sweep, checkpoint, cancel);
        var name = string.Create(CultureInfo.InvariantCulture,
            $"e{checkpoint.Epoch:D6}-g{checkpoint.Generation}-{Convert.ToHexStringLower(SHA256.HashData(checkpoint.Data.Span))}");
        var files = Directory.CreateDirectory(FolderOf(sweep, checkpoint.Run));
        var path = Path.Combine(files.FullName, name);
        try
        {
            AtomicFile.Write(path, file => file.Write(checkpoint.Data.Span));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"Could not write the checkpoint {path}: {e.Message} Free space or restore access.", e);
        }
        if (!await inner.SaveAsync(sweep, checkpoint with { Data = (byte[])[.. Magic, .. Encoding.UTF8.GetBytes(name)] }, cancel))
        {
            File.Delete(path);
            return false;
        }
        // The inner store keeps two names. A file that is younger than a minute may belong to a concurrent write whose name is not stored yet, so it stays.
        foreach (var old in files.EnumerateFiles().OrderByDescending(file => file.LastWriteTimeUtc).Skip(2).Where(file => DateTime.UtcNow - file.LastWriteTimeUtc > TimeSpan.FromMinutes(1)))
            old.Delete();
        return true;
    }

    /// <inheritdoc/>
    public async Task<StoredCheckpoint?> LoadAsync(string sweep, int run, CancellationToken cancel)
    {
        var found = await inner.LoadAsync(sweep, run, cancel);
        if (found is null || !found.Data.Span.StartsWith(Magic))
            return found;
        var newest = Encoding.UTF8.GetString(found.Data.Span[Magic.Length..]);
        var files = new DirectoryInfo(FolderOf(sweep, run));
        // The file before the newest one is kept for the case that the newest is damaged: without it the run would begin at epoch 1. A later file than
        // the newest name has not been accepted by the inner store.
        IEnumerable<StoredCheckpoint> earlier = files.Exists
            ? files.EnumerateFiles().Select(file => Named(run, file.Name)).OfType<StoredCheckpoint>().Where(one => one.Epoch < found.Epoch && one.Generation <= found.Generation)
                .OrderByDescending(one => one.Epoch).ToList()
            : [];
        foreach (var candidate in earlier.Prepend(found with { Data = Encoding.UTF8.GetBytes(newest) }))
        {
            var name = Encoding.UTF8.GetString(candidate.Data.Span);
            var path = Path.Combine(files.FullName, Path.GetFileName(name));
            if (File.Exists(path) && await File.ReadAllBytesAsync(path, cancel) is var data && name.EndsWith(Convert.ToHexStringLower(SHA256.HashData(data)), StringComparison.Ordinal))
                return candidate with { Data = data };
        }
        return null;
    }

    /// <summary>The checkpoint that a file name describes, with the name as its data; null for other files.</summary>
    private static StoredCheckpoint? Named(int run, string name) =>
        name.Split('-') is [['e', .. var epoch], ['g', .. var generation], _]
        && int.TryParse(epoch, NumberStyles.None, CultureInfo.InvariantCulture, out var e) && int.TryParse(generation, NumberStyles.None, CultureInfo.InvariantCulture, out var g)
            ? new StoredCheckpoint(run, e, g, Encoding.UTF8.GetBytes(name))
            : null;

    /// <inheritdoc/>
    public Task<bool> SaveBestAsync(string sweep, StoredCheckpoint weights, CancellationToken cancel) => inner.SaveBestAsync(sweep, weights, cancel);

    /// <inheritdoc/>
    public Task<StoredCheckpoint?> LoadBestAsync(string sweep, int run, CancellationToken cancel) => inner.LoadBestAsync(sweep, run, cancel);

    /// <inheritdoc/>
    public async Task DeleteAsync(string sweep, IReadOnlyCollection<int> runs, CancellationToken cancel)
    {
        await inner.DeleteAsync(sweep, runs, cancel);
        foreach (var files in runs.Select(run => FolderOf(sweep, run)).Where(Directory.Exists))
            Directory.Delete(files, recursive: true);
    }

    private string FolderOf(string sweep, int run) => Path.Combine(folder, SweepId.Check(sweep), string.Create(CultureInfo.InvariantCulture, $"r{run:D6}"));
}
