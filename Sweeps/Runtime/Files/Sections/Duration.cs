using System.Globalization;
using System.Text.RegularExpressions;
using Sweeps.Core;
using Sweeps.Files.Yaml;

namespace Sweeps.Files.Sections;

/// <summary>A length of time as people write it: <c>2h</c>, <c>1h30m</c>, <c>90s</c>, <c>0.5d</c>, or a number of seconds.</summary>
internal static partial class Duration
{
    private const double LongestSeconds = 1e9;

    /// <summary>A time above 0, or null.</summary>
    public static TimeSpan? Take(Section section, string key)
    {
        if (section.Take(key) is not { } node)
            return null;
        if (node is ScalarNode scalar && Seconds(scalar) is { } seconds and > 0 and <= LongestSeconds)
            return TimeSpan.FromSeconds(seconds);
        section.Wrong(key, node, "a time above 0 such as 2h, 1h30m, 90s or 0.5d, or a number of seconds");
        return null;
    }

    private static double? Seconds(ScalarNode scalar)
    {
        if (CoreSchema.Read(scalar).AsDouble() is { } number)
            return number;
        var match = Form().Match(scalar.Text);
        return match.Success && scalar.Text.Length > 0
            ? Part(match, "d", 86400) + Part(match, "h", 3600) + Part(match, "m", 60) + Part(match, "s", 1)
            : null;
    }

    private static double Part(Match match, string unit, double seconds) =>
        match.Groups[unit] is { Success: true, Value: var text } ? double.Parse(text, CultureInfo.InvariantCulture) * seconds : 0;

    [GeneratedRegex(@"^((?<d>\d{1,9}(\.\d+)?)d)?\s*((?<h>\d{1,9}(\.\d+)?)h)?\s*((?<m>\d{1,9}(\.\d+)?)m(in)?)?\s*((?<s>\d{1,9}(\.\d+)?)s)?\z")]
    private static partial Regex Form();
}
