using System.Buffers;
using System.Text;
using Sweeps.Core;
using Sweeps.Log.Json;

namespace Sweeps.Log;

/// <summary>Events as lines of a log, for whoever sends or shows them elsewhere.</summary>
public static class EventText
{
    // A writer has a buffer of 64 KB and a reader a table of names; a page of events shares them.
    [ThreadStatic]
    private static EventWriter? writer;

    [ThreadStatic]
    private static EventReader? reader;

    /// <summary>The line, without its line feed.</summary>
    public static string Write(LoggedEvent logged)
    {
        writer ??= new EventWriter();
        writer.Clear();
        writer.Line(logged, more: false);
        return Encoding.UTF8.GetString(writer.Written.Span[..^1]);
    }

    /// <summary>
    /// Reads a line. Throws <see cref="InvalidDataException"/> for a damaged one and <see cref="LogVersionException"/> for one that a newer
    /// version wrote.
    /// </summary>
    public static LoggedEvent Read(string line)
    {
        var bytes = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(line.Length));
        try
        {
            return (reader ??= new EventReader()).Line(bytes.AsSpan(0, Encoding.UTF8.GetBytes(line, bytes)), out _);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }
}
