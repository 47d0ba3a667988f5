using System.Globalization;
using System.Text;

namespace Sweeps.Files;

/// <summary>Makes text from files and users safe to print on a terminal.</summary>
public static class PlainText
{
    /// <summary>
    /// Escapes control characters (<c>\u001b</c>), which could move the cursor or change the state of the terminal, and characters that change the direction
    /// of the text (<c>\u202e</c>), which could make a name look like another; with <paramref name="oneLine"/> also line breaks and tabs (<c>\n</c>).
    /// </summary>
    public static string Escape(string text, bool oneLine = false)
    {
        bool IsUnsafe(char c) => char.IsControl(c) ? oneLine || c is not ('\n' or '\r' or '\t') : c is (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069');
        if (!text.Any(IsUnsafe))
            return text;
        var escaped = new StringBuilder();
        foreach (var c in text)
            escaped.Append(!IsUnsafe(c) ? c.ToString() : c switch
            {
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                _ => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
            });
        return escaped.ToString();
    }

    /// <summary>The text on one line, cut with an ellipsis to at most <paramref name="width"/> UTF-16 units without splitting a character.</summary>
    public static string Fit(string text, int width)
    {
        text = Escape(text, oneLine: true);
        if (text.Length <= width)
            return text;
        if (width <= 1)
            return width == 1 ? "…" : "";
        var starts = StringInfo.ParseCombiningCharacters(text);
        return string.Concat(text.AsSpan(0, starts.Last(start => start < width)), "…");
    }
}
