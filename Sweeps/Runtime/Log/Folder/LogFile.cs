using Sweeps.Core;
using Sweeps.Files;
using Sweeps.Log.Json;

namespace Sweeps.Log.Folder;

/// <summary>
/// The log of one sweep, locked and open for appends. Each append is one write and one sync. After a failed append the file must be opened again,
/// which reads how much was written. Not thread-safe.
/// </summary>
internal sealed class LogFile : IDisposable
{
    private readonly string path;
    private readonly SweepLock taken;
    private readonly EventWriter writer = new();
    private readonly FileStream file;

    private LogFile(string path, SweepLock taken, FileStream file, long lastSeq)
    {
        this.path = path;
        this.taken = taken;
        this.file = file;
        LastSeq = lastSeq;
    }

    /// <summary>The sequence number of the last event in the file.</summary>
    public long LastSeq { get; private set; }

    /// <summary>The length of the file in bytes.</summary>
    public long Length => file.Position;

    /// <summary>
    /// Takes the lock, moves an incomplete append that a crash left at the end into a file named <c>….cut-TIME</c>, and truncates the log before it.
    /// </summary>
    public static LogFile Open(SweepHome home, string sweep, DateTimeOffset now)
    {
        var taken = SweepLock.Take(home.Lock(sweep), sweep, now);
        FileStream? file = null;
        try
        {
            var path = home.Events(sweep);
            file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, 0);
            var (seq, end) = FindEnd(path, file.Length);
            if (end < file.Length)
            {
                SaveTail(file, end, $"{path}.cut-{now:yyyyMMdd-HHmmss}");
                file.SetLength(end);
                file.Flush(flushToDisk: true);
            }
            file.Position = end;
            return new LogFile(path, taken, file, seq);
        }
        catch
        {
            file?.Dispose();
            taken.Dispose();
            throw;
        }
    }

    /// <summary>Writes and syncs the events. Throws <see cref="IOException"/> with a message that says what to do.</summary>
    public void Append(IReadOnlyList<LoggedEvent> events)
    {
        writer.Clear();
        for (var i = 0; i < events.Count; i++)
            writer.Line(events[i], more: i < events.Count - 1);
        try
        {
            file.Write(writer.Written.Span);
            file.Flush(flushToDisk: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException(
                $"Could not append {events.Count} events to {path}: {e.Message} Nothing recorded before is lost. Free space or restore "
                + "access.", e);
        }
        LastSeq = events[^1].Seq;
    }

    public void Dispose()
    {
        file.Dispose();
        writer.Dispose();
        taken.Dispose();
    }

    /// <summary>
    /// Finds the last event and the end of the last complete append. Reads 1 MB at the end of the file, or more until that contains a complete append.
    /// </summary>
    private static (long Seq, long End) FindEnd(string path, long length)
    {
        for (var window = 1L << 20; ; window *= 8)
        {
            var from = Math.Max(0, length - window);
            using var lines = new LogLines(path, from == 0 ? 0 : NextLine(path, from));
            var seq = 0L;
            while (lines.TryRead(out var logged))
                seq = logged.Seq;
            if (seq > 0 || from == 0)
                return (seq, lines.Position);
        }
    }

    /// <summary>
    /// Whether a sweep has no work according to the last 64 KB of its log: it has ended, was not steered since except by annotations, every requested
    /// test was evaluated, as was the test part if it has one, and its <c>on_end</c>, if it has one, was called.
    /// </summary>
    public static bool IsDone(string path)
    {
        var from = Math.Max(0, new FileInfo(path).Length - (64 << 10));
        using var lines = new LogLines(path, from == 0 ? 0 : NextLine(path, from));
        SweepEnded? ended = null;
        var (tested, called) = (false, false);
        var wanted = new HashSet<int>();
        while (lines.TryRead(out var logged))
        {
            switch (logged.Event)
            {
                case SweepSteered { Action: SteerAction.TestRun test }:
                    wanted.Add(test.Run);
                    break;
                case SweepEnded or SweepSteered { Action: not SteerAction.Annotate }:
                    (ended, tested, called) = (logged.Event as SweepEnded, false, false);
                    break;
                case HookRan { Name: Hook.End }:
                    called = true;
                    break;
                case TestEvaluated evaluated:
                    tested = true;
                    wanted.Remove(evaluated.Run);
                    break;
            }
        }
        if (ended is null || wanted.Count > 0)
            return false;
        tested |= ended.Outcome is not (SweepOutcome.Finished or SweepOutcome.Stopped);
        return (tested && called) || SpecOf(path) is not { } spec || ((tested || !spec.Trainable.HasTestPart) && (called || spec.OnEnd is null));
    }

    /// <summary>The sweep file with which the sweep was created; null if this program cannot read it.</summary>
    private static SweepSpec? SpecOf(string path)
    {
        using var lines = new LogLines(path, 0);
        try
        {
            return lines.TryRead(out var first) && first.Event is SweepCreated created ? SweepFile.Stored(created.Spec) : null;
        }
        catch (SweepFileException)
        {
            return null;
        }
    }

    private static long NextLine(string path, long from)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        file.Position = from;
        int read;
        do
            read = file.ReadByte();
        while (read is not ('\n' or -1));
        return file.Position;
    }

    private static void SaveTail(FileStream file, long from, string path)
    {
        file.Position = from;
        using var tail = new FileStream(path, FileMode.Create, FileAccess.Write);
        file.CopyTo(tail);
    }
}
