using System.Text;
using Sweeps.Core;
using Sweeps.Log.Json;

namespace Sweeps.Log;

/// <summary>Events as lines of a log, for whoever sends or shows them elsewhere.</summary>
public static class EventText
{
    /// <summary>The line, without its line feed.</summary>
    public static string Write(LoggedEvent logged)
    {
        using var writer = new EventWriter();
        writer.Line(logged, more: false);
        return Encoding.UTF8.GetString(writer.Written.Span[..^1]);
    }

    /// <summary>
    /// Reads a line. Throws <see cref="InvalidDataException"/> for a damaged one and <see cref="LogVersionException"/> for one that a newer
    /// version wrote.
    /// </summary>
    public static LoggedEvent Read(string line) => new EventReader().Line(Encoding.UTF8.GetBytes(line), out _);
}
