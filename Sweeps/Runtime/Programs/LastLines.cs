namespace Sweeps.Programs;

/// <summary>Keeps the last lines of a program's output, for the message of its failure.</summary>
internal sealed class LastLines
{
    private const int MaxLines = 20, MaxLength = 500;

    private readonly Queue<string> lines = [];

    /// <summary>Adds a line unless it is blank. Of a progress bar only the text after the last carriage return is kept.</summary>
    public void Add(string line)
    {
        line = line[(line.LastIndexOf('\r') + 1)..].Trim();
        if (line.Length == 0)
            return;
        lines.Enqueue(line);
        if (lines.Count > MaxLines)
            lines.Dequeue();
    }

    /// <summary>The last <paramref name="count"/> lines, separated by <c>|</c>; only the last 500 characters.</summary>
    public string Text(int count)
    {
        var text = Files.PlainText.Escape(string.Join(" | ", lines.TakeLast(count)), oneLine: true);
        return text.Length <= MaxLength ? text : "…" + text[^MaxLength..];
    }
}
