using System.Text;

namespace Sweeps.Programs;

/// <summary>Splits a stream of bytes into lines of UTF-8. A line longer than <see cref="Longest"/> bytes is cut there.</summary>
public sealed class LineSplitter(Action<string> line)
{
    /// <summary>The longest line that is kept, in bytes.</summary>
    public const int Longest = 1 << 20;

    private readonly List<byte> open = [];

    /// <summary>Takes the next bytes.</summary>
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

    /// <summary>Ends the last line, which may lack its line break.</summary>
    public void End()
    {
        if (open.Count == 0)
            return;
        line(Encoding.UTF8.GetString(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(open)).TrimEnd('\r'));
        open.Clear();
    }

    private void Keep(ReadOnlySpan<byte> bytes) => open.AddRange(bytes[..Math.Min(bytes.Length, Longest - open.Count)]);
}
