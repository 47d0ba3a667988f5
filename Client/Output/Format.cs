using System.Globalization;
using Spectre.Console;
using Sweeps.Core;
using Sweeps.Files;

namespace Client.Output;

/// <summary>Numbers, times and states as text.</summary>
public static class Format
{
    /// <summary>A metric: four decimals from 0.0001 to 100,000, otherwise three significant digits with an exponent.</summary>
    public static string Metric(double? value) => value switch
    {
        null => "–",
        double.NaN => "NaN",
        double.PositiveInfinity => "∞",
        double.NegativeInfinity => "-∞",
        0 => "0.0000",
        { } v when Math.Abs(v) is >= 0.0001 and < 100_000 => v.ToString("0.0000", CultureInfo.InvariantCulture),
        { } v => v.ToString("0.00e+0", CultureInfo.InvariantCulture),
    };

    /// <summary>A hyperparameter's value: numbers with at most four significant digits, other values as in the sweep file.</summary>
    public static string Value(Value value) => value is Value.Number { Content: var number } && double.IsFinite(number)
        ? Number(number)
        : PlainText.Escape(value.ToString(), oneLine: true);

    /// <summary>The difference of two numbers with its sign: an integer in full, another number with at most four significant digits.</summary>
    public static string Difference(double difference) => double.IsInteger(difference) && Math.Abs(difference) < 1e9
        ? difference.ToString("+0;-0;0", CultureInfo.InvariantCulture)
        : $"{(difference > 0 ? "+" : "")}{Number(difference)}";

    // G4 writes a number below 0.0001 or from 10,000 on as 1.2E+04. Such numbers get the short form 1.2e4.
    private static string Number(double number) => number.ToString("G4", CultureInfo.InvariantCulture) is var plain && !plain.Contains('E', StringComparison.Ordinal)
        ? plain
        : number.ToString("0.###e+0", CultureInfo.InvariantCulture).Replace("e+", "e", StringComparison.Ordinal);

    /// <summary>The values of some parameters on one line: <c>optimizer=adam learning_rate=0.01</c>.</summary>
    public static string Varying(Configuration configuration, IEnumerable<string> parameters) => string.Join(' ',
        parameters.Where(parameter => configuration[parameter] is not null).Select(parameter => $"{parameter}={Value(configuration[parameter]!)}"));

    /// <summary>A span of time: <c>0:42</c>, <c>1:02:03</c>, <c>2d 03:10</c>.</summary>
    public static string Time(TimeSpan span) => span switch
    {
        { TotalDays: >= 1 } => string.Create(CultureInfo.InvariantCulture, $"{span.Days}d {span:hh\\:mm}"),
        { TotalHours: >= 1 } => span.ToString(@"h\:mm\:ss", CultureInfo.InvariantCulture),
        _ => span.ToString(@"m\:ss", CultureInfo.InvariantCulture),
    };

    /// <summary>A count with its noun: <c>1 epoch</c>, <c>2 epochs</c>.</summary>
    public static string Count(long count, string noun) => string.Create(CultureInfo.InvariantCulture, $"{count:N0} {noun}{(count == 1 ? "" : "s")}");

    /// <summary>A rate per second: one decimal below 100, an integer with separators above.</summary>
    public static string Rate(double perSecond) => perSecond.ToString(perSecond < 100 ? "0.0" : "N0", CultureInfo.InvariantCulture);

    /// <summary>A run's state: one lower-case word.</summary>
    public static string State(RunState state) => state switch
    {
        RunState.Queued => "queued",
        RunState.Running => "running",
        RunState.Paused => "waiting",
        RunState.Finished => "finished",
        RunState.Stopped => "stopped",
        RunState.Diverged => "diverged",
        RunState.Failed => "failed",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "This run state has no name."),
    };

    /// <summary>Describes how a simulated run ended.</summary>
    public static string End(string end) => end switch
    {
        "finished" or "diverged" or "failed" => end,
        "ended" => "open at the end",
        _ => $"stopped by {end}",
    };

    /// <summary>The width of a text in terminal cells; wide characters take two.</summary>
    public static int CellWidth(string text) => text.GetCellWidth();

    /// <summary>
    /// The text on one line, with control characters escaped. A text wider than <paramref name="width"/> cells is cut between characters
    /// and ends with an ellipsis.
    /// </summary>
    public static string Fit(string text, int width)
    {
        text = PlainText.Escape(text, oneLine: true);
        if (text.Length <= width / 2 || CellWidth(text) <= width)
            return text;
        if (width <= 1)
            return width == 1 ? "…" : "";
        var (end, cells) = (0, 1);
        for (var characters = StringInfo.GetTextElementEnumerator(text); characters.MoveNext();)
        {
            cells += CellWidth(characters.GetTextElement());
            if (cells > width)
                break;
            end = characters.ElementIndex + characters.GetTextElement().Length;
        }
        return string.Concat(text.AsSpan(0, end), "…");
    }
}
