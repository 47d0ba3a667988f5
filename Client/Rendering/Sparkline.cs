namespace Client.Rendering;

/// <summary>A learning curve in one line of eighth blocks.</summary>
public static class Sparkline
{
    private const string Levels = "▁▂▃▄▅▆▇█";

    /// <summary>At most <paramref name="width"/> cells, from the lowest to the highest finite value; × where a value is not finite.</summary>
    public static string Of(IReadOnlyList<double> values, int width)
    {
        var finite = values.Where(double.IsFinite).ToList();
        if (values.Count == 0 || width < 1)
            return "";
        var (low, high) = finite.Count > 0 ? (finite.Min(), finite.Max()) : (0, 0);
        var cells = Math.Min(width, values.Count);
        var line = new char[cells];
        for (var i = 0; i < cells; i++)
        {
            // The last value of each cell's share, so that the line ends where the curve ends.
            var value = values[(int)(((long)(i + 1) * values.Count / cells) - 1)];
            line[i] = !double.IsFinite(value) ? '×' : high > low ? Levels[(int)Math.Min(7, (value - low) / (high - low) * 8)] : Levels[3];
        }
        return new string(line);
    }
}
