using System.Runtime.InteropServices;
using System.Text;

namespace Sweeps.Programs;

/// <summary>
/// Splits a stream of bytes into lines of UTF-8, which end with a line feed. Blank lines are not passed on. A line is bounded by
/// <see cref="MaxLineBytes"/>: of a longer one first what a progress bar has overwritten, which is all before its last carriage return, is dropped, then
/// its end.
/// </summary>
public sealed class LineSplitter(Action<string> line)
{
    /// <summary>The maximum length of a line in bytes.</summary>
    public const int MaxLineBytes = 1 << 20;

    private readonly List<byte> open = [];

    /// <summary>The number of the line that is passed on, from 1. Blank lines count.</summary>
    public int Number { get; private set; } = 1;

    /// <summary>Adds the next bytes and passes on the lines that they complete.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        while (bytes.IndexOf((byte)'\n') is >= 0 and var end)
        {
            Keep(bytes[..end]);
            End();
            Number++;
            bytes = bytes[(end + 1)..];
        }
        Keep(bytes);
    }

    /// <summary>Passes on the last line, which has no line break.</summary>
    public void End()
    {
        if (open.Count == 0)
            return;
        line(Encoding.UTF8.GetString(CollectionsMarshal.AsSpan(open)).TrimEnd('\r'));
        open.Clear();
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        open.AddRange(bytes);
        if (open.Count <= MaxLineBytes)
            return;
        // A carriage return at the end may belong to the line break, and then overwrites nothing.
        open.RemoveRange(0, CollectionsMarshal.AsSpan(open).TrimEnd((byte)'\r').LastIndexOf((byte)'\r') + 1);
        if (open.Count <= MaxLineBytes)
            return;
        // Keep a carriage return at the end, because the next bytes may overwrite the line.
        var last = open[^1];
        open.RemoveRange(MaxLineBytes, open.Count - MaxLineBytes);
        if (last == '\r')
            open[^1] = last;
    }
}
