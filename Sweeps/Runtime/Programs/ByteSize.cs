using System.Globalization;
using System.Text.RegularExpressions;

namespace Sweeps.Programs;

/// <summary>Sizes as people write them: <c>4GB</c>, <c>512 MiB</c>, <c>1000000</c>.</summary>
public static partial class ByteSize
{
    /// <summary>The bytes, or null when the text is no size above 0.</summary>
    public static long? Parse(string text)
    {
        var match = Form().Match(text);
        if (!match.Success || !double.TryParse(match.Groups[1].Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
            return null;
        var power = "KMGT".IndexOf(match.Groups[2].Value.ToUpperInvariant(), StringComparison.Ordinal) is var at && match.Groups[2].Length == 0 ? 0 : at + 1;
        var bytes = number * Math.Pow(match.Groups[3].Length > 0 ? 1024 : 1000, power);
        return bytes is >= 1 and < 1e18 ? (long)bytes : null;
    }

    [GeneratedRegex(@"^\s*([0-9.]+(?:[eE][0-9]+)?)\s*([KMGTkmgt]?)(i?)[Bb]?\s*\z")]
    private static partial Regex Form();
}
