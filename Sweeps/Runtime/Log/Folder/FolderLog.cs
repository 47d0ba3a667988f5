using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text;
using Engine.Data;
using Sweeps.Core;
using Sweeps.Log.Json;

namespace Sweeps.Log.Folder;

/// <summary>
/// Logs as JSON Lines, one folder per sweep (see <see cref="SweepHome"/>). Reading needs no lock. The first append takes the sweep's lock and holds
/// it until <see cref="Close"/>, <see cref="Dispose"/> or a failed append. Appends are synced to disk before they return.
/// </summary>
public sealed class FolderLog(SweepHome home, TimeProvider time) : IEventLog, IDisposable
{
    private readonly Lock appending = new();
    private readonly ConcurrentDictionary<string, LogFile> open = new();
    private readonly ConcurrentDictionary<string, SeqIndex> indexes = new();
    private readonly ConcurrentDictionary<string, (long Length, bool Done)> done = new();

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> ListAsync(CancellationToken cancel)
    {
        var sweeps = new List<(DateTimeOffset At, string Sweep)>();
        if (Directory.Exists(home.Path))
        {
            foreach (var folder in new DirectoryInfo(home.Path).EnumerateDirectories())
            {
                cancel.ThrowIfCancellationRequested();
                if (SweepId.IsValid(folder.Name) && File.Exists(home.Events(folder.Name)) && CreatedAt(folder.Name) is { } at)
                    sweeps.Add((at, folder.Name));
            }
        }
        return Task.FromResult<IReadOnlyList<string>>([.. sweeps.OrderByDescending(s => s.At).ThenBy(s => s.Sweep).Select(s => s.Sweep)]);
    }

    /// <summary>
    /// Returns the sweeps that may have work, newest first, including ended ones whose test part or <c>on_end</c> is open. A damaged log has no work,
    /// because no coordinator can replay it. A log is read again only if its length has changed.
    /// </summary>
    public async Task<IReadOnlyList<string>> ActiveAsync(CancellationToken cancel)
    {
        var sweeps = await ListAsync(cancel);
        return [.. sweeps.Where(sweep =>
        {
            var length = new FileInfo(home.Events(sweep)).Length;
            if (!done.TryGetValue(sweep, out var seen) || seen.Length != length)
                done[sweep] = seen = (length, IsDone(sweep));
            return !seen.Done;
        })];
    }

    private bool IsDone(string sweep)
    {
        try
        {
            return LogFile.IsDone(home.Events(sweep));
        }
        catch (Exception e) when (e is InvalidDataException or LogVersionException)
        {
            return true;
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<LoggedEvent> ReadAsync(
        string sweep, long afterSeq, [EnumeratorCancellation] CancellationToken cancel, int limit = int.MaxValue)
    {
        await Task.CompletedTask;
        if (!File.Exists(home.Events(sweep)))
            yield break;
        var index = indexes.GetOrAdd(sweep, _ => new SeqIndex());
        var (seq, position) = index.Before(afterSeq);
        using var lines = new LogLines(home.Events(sweep), position);
        for (var end = limit > long.MaxValue - afterSeq ? long.MaxValue : afterSeq + limit; seq < end && lines.TryRead(out var logged);)
        {
            cancel.ThrowIfCancellationRequested();
            if (logged.Seq != ++seq)
                throw new InvalidDataException($"{home.Events(sweep)}: event {seq} is missing; {logged.Seq} is in its place.");
            if (logged.Seq > afterSeq)
                yield return logged;
            if (lines.AtAppendEnd)
                index.Add(logged.Seq, lines.Position);
        }
    }

    /// <inheritdoc/>
    public Task AppendAsync(string sweep, IReadOnlyList<LoggedEvent> events, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        if (events.Count > 0)
        {
            lock (appending)
                Append(sweep, events);
        }
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task<LogSnapshot?> ReadSnapshotAsync(string sweep, CancellationToken cancel)
    {
        if (!File.Exists(home.Snapshot(sweep)))
            return null;
        var bytes = await File.ReadAllBytesAsync(home.Snapshot(sweep), cancel);
        return bytes.Length < sizeof(long) ? null : new LogSnapshot(BinaryPrimitives.ReadInt64LittleEndian(bytes), bytes.AsMemory(sizeof(long)));
    }

    /// <inheritdoc/>
    public Task WriteSnapshotAsync(string sweep, LogSnapshot snapshot, CancellationToken cancel)
    {
        var seq = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(seq, snapshot.Seq);
        AtomicFile.Write(home.Snapshot(sweep), file =>
        {
            file.Write(seq);
            file.Write(snapshot.Payload.Span);
        });
        return Task.CompletedTask;
    }

    /// <summary>
    /// Takes the sweep's lock before the first append. Throws <see cref="SweepLockedException"/> if another process holds it.
    /// </summary>
    public void Lock(string sweep) => Open(sweep);

    /// <summary>Describes the process, possibly this one, that holds the sweep's lock; null if none does.</summary>
    public string? Holder(string sweep) => SweepLock.Holder(home.Lock(sweep));

    /// <summary>Releases a sweep's lock. The next append takes it again.</summary>
    public void Close(string sweep)
    {
        if (open.TryRemove(sweep, out var file))
            file.Dispose();
    }

    /// <summary>
    /// Checks with a temporary file that the folder can be written. Throws <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/>
    /// otherwise.
    /// </summary>
    public Task ProbeAsync(CancellationToken cancel) => WriteProbeFile.TryAsync(home.Path, cancel);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var sweep in open.Keys)
            Close(sweep);
    }

    /// <summary>
    /// The time when a sweep was created; null if its log is empty. An unreadable log gives the earliest time, so that the sweep is listed last and
    /// the list does not fail. Reading the sweep shows the reason.
    /// </summary>
    private DateTimeOffset? CreatedAt(string sweep)
    {
        try
        {
            using var lines = new LogLines(home.Events(sweep), 0);
            return lines.TryRead(out var created) ? created.At : new FileInfo(home.Events(sweep)).Length > 0 ? DateTimeOffset.MinValue : null;
        }
        catch (Exception e) when (e is InvalidDataException or LogVersionException or IOException or UnauthorizedAccessException)
        {
            return DateTimeOffset.MinValue;
        }
    }

    private void Append(string sweep, IReadOnlyList<LoggedEvent> events)
    {
        if (!Directory.Exists(home.Folder(sweep)))
        {
            if (events[0].Seq != 1)
                throw new DirectoryNotFoundException($"There is no sweep '{sweep}' in {home.Path}; `sweep list` shows what there is.");
            Create(sweep, events);
            return;
        }
        var file = Open(sweep);
        if (events[0].Seq != file.LastSeq + 1)
            throw new LogConflictException(sweep, events[0].Seq);
        try
        {
            file.Append(events);
        }
        catch
        {
            Close(sweep);
            throw;
        }
        indexes.GetOrAdd(sweep, _ => new SeqIndex()).Add(file.LastSeq, file.Length);
        foreach (var logged in events)
            if (logged.Event is SweepSteered { Action: SteerAction.Change change })
                KeepSweepFile(sweep, change.Spec);
    }

    private void KeepSweepFile(string sweep, string spec)
    {
        try
        {
            AtomicFile.Write(home.SweepFile(sweep), file => file.Write(Encoding.UTF8.GetBytes(spec)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The log has the change. The copy is only for people, and its failure must not fail an append that is already durable.
        }
    }

    private LogFile Open(string sweep)
    {
        if (open.TryGetValue(sweep, out var file))
            return file;
        if (!File.Exists(home.Events(sweep)))
            throw new DirectoryNotFoundException($"There is no sweep '{sweep}' in {home.Path}; `sweep list` shows what there is.");
        return open[sweep] = LogFile.Open(home, sweep, time.GetUtcNow());
    }

    /// <summary>Writes a new sweep to a temporary folder and renames it, so that a crash leaves no incomplete sweep.</summary>
    private void Create(string sweep, IReadOnlyList<LoggedEvent> events)
    {
        var temporary = Path.Combine(home.Path, $".new-{Guid.NewGuid():N}");
        try
        {
            Directory.CreateDirectory(temporary);
            using var writer = new EventWriter();
            for (var i = 0; i < events.Count; i++)
                writer.Line(events[i], more: i < events.Count - 1);
            AtomicFile.Write(Path.Combine(temporary, "events.jsonl"), file => file.Write(writer.Written.Span));
            if (events[0].Event is SweepCreated created)
                AtomicFile.Write(Path.Combine(temporary, "sweep.yaml"), file => file.Write(Encoding.UTF8.GetBytes(created.Spec)));
            if (Directory.Exists(home.Folder(sweep)))
                throw new LogConflictException(sweep, 1);
            Directory.Move(temporary, home.Folder(sweep));
            AtomicFile.SyncFolder(home.Path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"Could not create the sweep in {home.Path}: {e.Message} Set {SweepHome.Variable} to a folder you may write to.", e);
        }
        finally
        {
            if (Directory.Exists(temporary))
                Directory.Delete(temporary, recursive: true);
        }
    }
}
