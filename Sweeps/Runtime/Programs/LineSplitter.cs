using System.Text;

namespace Sweeps.Programs;

/// <summary>Splits a stream of bytes into lines of UTF-8. A line is truncated after <see cref="MaxLineBytes"/> bytes.</summary>
public sealed class LineSplitter(Action<string> line)
{
    /// <summary>The maximum length of a line in bytes.</summary>
    public const int MaxLineBytes = 1 << 20;

    private readonly List<byte> open = [];

    /// <summary>Adds the next bytes and passes on the lines that they complete.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        while (bytes.IndexOf((byte)'\n') is >= 0 and var end)
        {
            Keep(bytes[..end]);
            End();
            bytes = bytes[(end + 1)..];
        }
        Keep(bytes);
    }

    /// <summary>Passes on the last line, which has no line break.</summary>
    public void End()
    {
        if (open.Count == 0)
            return;
        line(Encoding.UTF8.GetString(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(open)).TrimEnd('\r'));
        open.Clear();
    }

    private void Keep(ReadOnlySpan<byte> bytes) => open.AddRange(bytes[..Math.Min(bytes.Length, MaxLineBytes - open.Count)]);
}
