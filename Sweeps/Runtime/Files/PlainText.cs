using System.Globalization;
using System.Text;

namespace Sweeps.Files;

/// <summary>Text from files and from users, made fit for a terminal.</summary>
public static class PlainText
{
    /// <summary>
    /// The text with control characters written as escapes, <c>\u001b</c>: raw ones would move the cursor or change the terminal. With
    /// <paramref name="oneLine"/> line feeds are written as <c>\n</c> too.
    /// </summary>
    public static string Escape(string text, bool oneLine = false)
    {
        bool Harmful(char c) => char.IsControl(c) && (oneLine || c is not ('\n' or '\r' or '\t'));
        if (!text.Any(Harmful))
            return text;
        var escaped = new StringBuilder();
        foreach (var c in text)
            escaped.Append(!Harmful(c) ? c.ToString() : c switch
            {
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                _ => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
            });
        return escaped.ToString();
    }

    /// <summary>The text on one line if it fits, else its beginning and an ellipsis: whole characters, at most <paramref name="width"/> UTF-16 units.</summary>
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
