using System.Buffers;
using System.Text;
using Sweeps.Core;
using Sweeps.Log.Json;

namespace Sweeps.Log;

/// <summary>Events as JSON lines in the format of the folder log, for messages and exports.</summary>
public static class EventText
{
    // One writer and reader per thread, because a writer allocates a buffer of 64 KB and a reader a table of strings.
    [ThreadStatic]
    private static EventWriter? writer;

    [ThreadStatic]
    private static EventReader? reader;

    /// <summary>Writes a line, without the line feed.</summary>
    public static string Write(LoggedEvent logged)
    {
        writer ??= new EventWriter();
        writer.Clear();
        writer.Line(logged, more: false);
        return Encoding.UTF8.GetString(writer.Written.Span[..^1]);
    }

    /// <summary>
    /// Reads a line. Throws <see cref="InvalidDataException"/> for a damaged line and <see cref="LogVersionException"/> for a line of a newer
    /// version of the program.
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
