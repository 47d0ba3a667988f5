using Sweeps.Core;
using Sweeps.Log.Json;

namespace Sweeps.Log.Folder;

/// <summary>
/// Reads a folder log from a position on, append by append. It ignores an incomplete append at the end of the file, which a crash leaves, and throws
/// <see cref="InvalidDataException"/> for damage anywhere else.
/// </summary>
internal sealed class LogLines : IDisposable
{
    private readonly string path;
    private readonly FileStream file;
    private readonly EventReader reader = new();
    private readonly Queue<LoggedEvent> append = new();
    private byte[] buffer = new byte[256 * 1024];
    private int start, scanned, end;

    public LogLines(string path, long position)
    {
        this.path = path;
        file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 0, FileOptions.SequentialScan)
        {
            Position = position,
        };
        Position = position;
    }

    /// <summary>The position in bytes of the end of the last complete append that was read.</summary>
    public long Position { get; private set; }

    /// <summary>Whether the last event read was the last of its append, which then ends at <see cref="Position"/>.</summary>
    public bool AtAppendEnd => append.Count == 0;

    /// <summary>Reads the next event. Returns false after the last complete append.</summary>
    public bool TryRead(out LoggedEvent logged)
    {
        if (append.Count == 0)
            ReadAppend();
        return append.TryDequeue(out logged!);
    }

    public void Dispose() => file.Dispose();

    private void ReadAppend()
    {
        var length = 0L;
        while (TryReadLine(out var line))
        {
            length += line.Count + 1;
            LoggedEvent logged;
            bool more;
            try
            {
                logged = reader.Line(line, out more);
            }
            catch (InvalidDataException e)
            {
                if (AnotherAppendFollows())
                    throw new InvalidDataException($"{path} is damaged at byte {Position + length - line.Count - 1}: {e.Message}", e);
                break;
            }
            append.Enqueue(logged);
            if (!more)
            {
                Position += length;
                return;
            }
        }
        append.Clear();
    }

    /// <summary>
    /// Whether another append follows the damaged one. An append is synced before the next one is written, so a crash can only damage the last append.
    /// Damage before it has another cause and must not be ignored.
    /// </summary>
    private bool AnotherAppendFollows()
    {
        var ended = false;
        while (TryReadLine(out var line))
        {
            if (ended)
                return true;
            try
            {
                reader.Line(line, out var more);
                ended = !more;
            }
            catch (InvalidDataException)
            {
                ended = false;
            }
        }
        return false;
    }

    private bool TryReadLine(out ArraySegment<byte> line)
    {
        while (true)
        {
            var feed = buffer.AsSpan(scanned, end - scanned).IndexOf((byte)'\n');
            if (feed >= 0)
            {
                line = new ArraySegment<byte>(buffer, start, scanned + feed - start);
                start = scanned += feed + 1;
                return true;
            }
            scanned = end;
            if (!Fill())
            {
                line = default;
                return false;
            }
        }
    }

    private bool Fill()
    {
        buffer.AsSpan(start, end - start).CopyTo(buffer);
        (scanned, end, start) = (scanned - start, end - start, 0);
        if (end == buffer.Length)
            Array.Resize(ref buffer, 2 * buffer.Length);
        var read = file.Read(buffer.AsSpan(end));
        end += read;
        return read > 0;
    }
}
