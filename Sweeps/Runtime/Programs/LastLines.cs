namespace Sweeps.Programs;

/// <summary>The last lines of a program's output, for the reason of its failure.</summary>
internal sealed class LastLines
{
    private const int Kept = 20, LongestText = 500;

    private readonly Queue<string> lines = [];

    /// <summary>Keeps a line that is not blank; of a progress bar only its last state.</summary>
    public void Add(string line)
    {
        line = line[(line.LastIndexOf('\r') + 1)..].Trim();
        if (line.Length == 0)
            return;
        lines.Enqueue(line);
        if (lines.Count > Kept)
            lines.Dequeue();
    }

    /// <summary>The last lines, separated by a bar, of which the end is kept when they are long.</summary>
    public string Text(int count)
    {
        var text = Files.PlainText.Escape(string.Join(" | ", lines.TakeLast(count)), oneLine: true);
        return text.Length <= LongestText ? text : "…" + text[^LongestText..];
    }
}
