using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using Engine.Data;

namespace Sweeps.Log.Folder;

/// <summary>
/// Checkpoints as files, written aside, synced and renamed into place. The fence lives in memory and in the file names: one process at a
/// time works on a sweep's folder (its log's lock), and each of its assignments has a newer generation than all before.
/// </summary>
public sealed class FolderCheckpoints(SweepHome home) : ICheckpointStore
{
    private const int Kept = 2;
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
    public Task<bool> SaveAsync(string sweep, Checkpoint checkpoint, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        var fence = FenceOf(sweep, checkpoint.Run);
        lock (fence)
        {
            if (checkpoint.Generation < fence.Generation)
                return Task.FromResult(false);
            fence.Generation = checkpoint.Generation;
            var folder = home.Checkpoints(sweep, checkpoint.Run);
            var path = Path.Combine(folder, new Entry(checkpoint.Epoch, checkpoint.Generation).Name);
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
            foreach (var old in Entries(folder).Where(entry => entry.Epoch == checkpoint.Epoch && entry.Generation < checkpoint.Generation))
                File.Delete(Path.Combine(folder, old.Name));
            foreach (var old in Entries(folder).Skip(Kept))
                File.Delete(Path.Combine(folder, old.Name));
            return Task.FromResult(true);
        }
    }

    /// <inheritdoc/>
    public async Task<Checkpoint?> LoadAsync(string sweep, int run, CancellationToken cancel)
    {
        var folder = home.Checkpoints(sweep, run);
        foreach (var entry in Entries(folder))
        {
            var bytes = await File.ReadAllBytesAsync(Path.Combine(folder, entry.Name), cancel);
            if (IsWhole(bytes))
                return new Checkpoint(run, entry.Epoch, entry.Generation, bytes.AsMemory(Magic.Length + HashLength));
        }
        return null;
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

    private static bool IsWhole(ReadOnlySpan<byte> bytes) =>
        bytes.Length >= Magic.Length + HashLength
        && bytes.StartsWith(Magic)
        && SHA256.HashData(bytes[(Magic.Length + HashLength)..]).AsSpan().SequenceEqual(bytes.Slice(Magic.Length, HashLength));

    /// <summary>The whole files' names, newest first.</summary>
    private static Entry[] Entries(string folder) => !Directory.Exists(folder) ? [] :
        [.. Directory.EnumerateFiles(folder, "*.checkpoint").Select(Entry.Parse).OfType<Entry>().OrderByDescending(entry => entry)];

    private Fence FenceOf(string sweep, int run) => fences.GetOrAdd((sweep, run), key =>
        new Fence { Generation = Entries(home.Checkpoints(key.Sweep, key.Run)).Select(entry => entry.Generation).DefaultIfEmpty().Max() });

    private sealed class Fence
    {
        public int Generation { get; set; }
    }

    private sealed record Entry(int Epoch, int Generation) : IComparable<Entry>
    {
        public string Name => string.Create(CultureInfo.InvariantCulture, $"e{Epoch:D6}-g{Generation}.checkpoint");

        public static Entry? Parse(string path)
        {
            var parts = Path.GetFileNameWithoutExtension(path).Split("-g");
            return parts.Length == 2 && parts[0].StartsWith('e')
                && int.TryParse(parts[0].AsSpan(1), CultureInfo.InvariantCulture, out var epoch)
                && int.TryParse(parts[1], CultureInfo.InvariantCulture, out var generation)
                ? new Entry(epoch, generation)
                : null;
        }

        public int CompareTo(Entry? other) => (Epoch, Generation).CompareTo((other!.Epoch, other.Generation));
    }
}
