using System.Globalization;
using System.Text.RegularExpressions;

namespace Sweeps.Programs;

/// <summary>Parses sizes such as <c>4GB</c>, <c>512 MiB</c> and <c>1000000</c>. Prefixes are powers of 1000, with <c>i</c> of 1024.</summary>
public static partial class ByteSize
{
    /// <summary>Returns the number of bytes; null if the text is not a size from 1 to 10¹⁸ bytes.</summary>
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
