using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using Engine.Data;

namespace Sweeps.Log.Folder;

/// <summary>
/// Stores checkpoints as files, which are written to a temporary name, synced and renamed. The owning generation of a run is kept in memory and in
/// the file names. That suffices, because only the process with the lock of a sweep's log trains the sweep.
/// </summary>
public sealed class FolderCheckpoints(SweepHome home) : ICheckpointStore
{
    private const int Kept = 2;
    internal const string Newest = ".checkpoint";
    private const string Best = ".weights";
    private const int HashLength = SHA256.HashSizeInBytes;
    private static readonly byte[] Magic = "SWEEPCK1"u8.ToArray();

    private readonly ConcurrentDictionary<(string Sweep, int Run), Fence> fences = new();

    /// <inheritdoc/>
    public Task<bool> ClaimAsync(string sweep, int run, int generation, CancellationToken cancel)
    {
        var fence = FenceOf(sweep, run);
        lock (fence)
        {
            if (generation < fence.Generation)
                return Task.FromResult(false);
            fence.Generation = generation;
            return Task.FromResult(true);
        }
    }

    /// <inheritdoc/>
    public Task<bool> SaveAsync(string sweep, StoredCheckpoint checkpoint, CancellationToken cancel) => Save(sweep, checkpoint, Newest, Kept, cancel);

    /// <inheritdoc/>
    public Task<bool> SaveBestAsync(string sweep, StoredCheckpoint weights, CancellationToken cancel) => Save(sweep, weights, Best, 1, cancel);

    /// <inheritdoc/>
    public Task<StoredCheckpoint?> LoadAsync(string sweep, int run, CancellationToken cancel) => LoadAsync(sweep, run, Newest, cancel);

    /// <inheritdoc/>
    public Task<StoredCheckpoint?> LoadBestAsync(string sweep, int run, CancellationToken cancel) => LoadAsync(sweep, run, Best, cancel);

    private Task<bool> Save(string sweep, StoredCheckpoint checkpoint, string kind, int kept, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        var fence = FenceOf(sweep, checkpoint.Run);
        lock (fence)
        {
            if (checkpoint.Generation < fence.Generation)
                return Task.FromResult(false);
            fence.Generation = checkpoint.Generation;
            var folder = home.Checkpoints(sweep, checkpoint.Run);
            var written = new Entry(checkpoint.Epoch, checkpoint.Generation, kind);
            var path = Path.Combine(folder, written.Name);
            try
            {
                Directory.CreateDirectory(folder);
                AtomicFile.Write(path, file =>
                {
                    file.Write(Magic);
                    file.Write(SHA256.HashData(checkpoint.Data.Span));
                    file.Write(checkpoint.Data.Span);
                });
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new IOException($"Could not write the checkpoint {path}: {e.Message} Free space or restore access.", e);
            }
            foreach (var old in Entries(folder, kind).Where(entry => entry != written).Where((entry, i) => i >= kept - 1 || entry.Epoch == written.Epoch))
                File.Delete(Path.Combine(folder, old.Name));
            return Task.FromResult(true);
        }
    }

    private async Task<StoredCheckpoint?> LoadAsync(string sweep, int run, string kind, CancellationToken cancel)
    {
        const int MaxAttempts = 10;
        var folder = home.Checkpoints(sweep, run);
        for (var attempt = 1; ; attempt++)
        {
            var replaced = false;
            foreach (var entry in Entries(folder, kind))
            {
                try
                {
                    var bytes = await File.ReadAllBytesAsync(Path.Combine(folder, entry.Name), cancel);
                    if (IsIntact(bytes))
                        return new StoredCheckpoint(run, entry.Epoch, entry.Generation, bytes.AsMemory(Magic.Length + HashLength));
                }
                catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
                {
                    // The process that trains the sweep has written a newer file and deleted this one. List the files again.
                    replaced = true;
                }
            }
            if (!replaced || attempt == MaxAttempts)
                return null;
        }
    }

    /// <inheritdoc/>
    public Task DeleteAsync(string sweep, IReadOnlyCollection<int> runs, CancellationToken cancel)
    {
        foreach (var run in runs)
        {
            cancel.ThrowIfCancellationRequested();
            if (Directory.Exists(home.Checkpoints(sweep, run)))
                Directory.Delete(home.Checkpoints(sweep, run), recursive: true);
        }
        return Task.CompletedTask;
    }

    private static bool IsIntact(ReadOnlySpan<byte> bytes) =>
        bytes.Length >= Magic.Length + HashLength
        && bytes.StartsWith(Magic)
        && SHA256.HashData(bytes[(Magic.Length + HashLength)..]).AsSpan().SequenceEqual(bytes.Slice(Magic.Length, HashLength));

    /// <summary>
    /// The checkpoint files of a run, newest first. They are ordered by generation before epoch, because a run that started from scratch may have
    /// files of later epochs from an older generation.
    /// </summary>
    private static Entry[] Entries(string folder, string kind) => !Directory.Exists(folder) ? [] :
        [.. Directory.EnumerateFiles(folder, "*" + kind).Select(Entry.Parse).OfType<Entry>()
            .OrderByDescending(entry => entry.Generation).ThenByDescending(entry => entry.Epoch)];

    private Fence FenceOf(string sweep, int run) => fences.GetOrAdd((sweep, run), key =>
        new Fence
        {
            Generation = Entries(home.Checkpoints(key.Sweep, key.Run), Newest).Concat(Entries(home.Checkpoints(key.Sweep, key.Run), Best))
                .Select(entry => entry.Generation).DefaultIfEmpty().Max(),
        });

    private sealed class Fence
    {
        public int Generation { get; set; }
    }

    private sealed record Entry(int Epoch, int Generation, string Kind)
    {
        public string Name => string.Create(CultureInfo.InvariantCulture, $"e{Epoch:D6}-g{Generation}{Kind}");

        public static Entry? Parse(string path)
        {
            var parts = Path.GetFileNameWithoutExtension(path).Split("-g");
            return parts.Length == 2 && parts[0].StartsWith('e')
                && int.TryParse(parts[0].AsSpan(1), CultureInfo.InvariantCulture, out var epoch)
                && int.TryParse(parts[1], CultureInfo.InvariantCulture, out var generation)
                ? new Entry(epoch, generation, Path.GetExtension(path))
                : null;
        }
    }
}
