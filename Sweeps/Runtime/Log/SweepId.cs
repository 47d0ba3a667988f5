using System.Text.RegularExpressions;

namespace Sweeps.Log;

/// <summary>A sweep's id: what a person types, a folder's name, a database key and an actor's key.</summary>
public static partial class SweepId
{
    private const string Letters = "abcdefghjkmnpqrstuvwxyz";

    /// <summary>
    /// A new id from a sweep's name: up to forty of its letters and digits, a dash, and five letters that make it unique
    /// (<c>fashion-quick-kvwzt</c>). Letters only, so that no part of the system takes it for a number.
    /// </summary>
    public static string New(string name, Random random)
    {
        var slug = NotPlain().Replace(name.ToLowerInvariant(), "-").Trim('-');
        if (slug.Length == 0 || !char.IsAsciiLetter(slug[0]))
            slug = $"sweep-{slug}".Trim('-');
        slug = slug[..Math.Min(slug.Length, 40)].Trim('-');
        return $"{slug}-{new string(random.GetItems<char>(Letters, 5))}";
    }

    /// <summary>Whether a text is an id.</summary>
    public static bool IsOne(string text) => Plain().IsMatch(text);

    /// <summary>Returns the id when it is one. Throws <see cref="ArgumentException"/> otherwise.</summary>
    public static string Check(string id) => IsOne(id) ? id : throw new ArgumentException(
        $"'{id}' is not a sweep's id. An id starts with a letter and has up to 64 lower-case letters, digits and dashes; `sweep list` shows them.");

    [GeneratedRegex("^[a-z][a-z0-9-]{0,63}$")]
    private static partial Regex Plain();

    [GeneratedRegex("[^a-z0-9]+")]
    private static partial Regex NotPlain();
}
