using System.Text.RegularExpressions;

namespace Sweeps.Log;

/// <summary>The id of a sweep. It is also the name of the sweep's folder, its key in the database and a part of its grain keys.</summary>
public static partial class SweepId
{
    private const string Letters = "abcdefghjkmnpqrstuvwxyz";

    /// <summary>
    /// Creates an id from a sweep's name: up to forty of its letters and digits, a dash, and five random letters that make it unique
    /// (<c>fashion-quick-kvwzt</c>). The suffix has no digits, so that it never parses as a number.
    /// </summary>
    public static string New(string name, Random random)
    {
        var slug = NotPlain().Replace(name.ToLowerInvariant(), "-").Trim('-');
        if (slug.Length == 0 || !char.IsAsciiLetter(slug[0]))
            slug = $"sweep-{slug}".Trim('-');
        slug = slug[..Math.Min(slug.Length, 40)].Trim('-');
        return $"{slug}-{new string(random.GetItems<char>(Letters, 5))}";
    }

    public static bool IsValid(string text) => Plain().IsMatch(text);

    /// <summary>Returns <paramref name="id"/>. Throws <see cref="ArgumentException"/> if it is not valid.</summary>
    public static string Check(string id) => IsValid(id) ? id : throw new ArgumentException(
        $"'{id}' is not a sweep's id. An id starts with a letter and has up to 64 lower-case letters, digits and dashes; `sweep list` shows them.");

    // \z and not $, which also matches before a line feed at the end.
    [GeneratedRegex(@"^[a-z][a-z0-9-]{0,63}\z")]
    private static partial Regex Plain();

    [GeneratedRegex("[^a-z0-9]+")]
    private static partial Regex NotPlain();
}
