using System.Globalization;
using System.Reflection;
using System.Text;

namespace Silo.Options;

/// <summary>Reads <see cref="SiloOptions"/> from file, environment and command line.</summary>
public static class SiloOptionsReader
{
    private const string Prefix = "SILO_";

    private static readonly PropertyInfo[] Properties = typeof(SiloOptions).GetProperties(BindingFlags.Public | BindingFlags.Instance);

    /// <summary>Option names as on the command line: <c>http-port</c>.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Properties.Select(property => Words(property.Name, '-').ToLowerInvariant())];

    /// <summary>The options, or what is wrong with how they were given.</summary>
    public static (SiloOptions Options, IReadOnlyList<string> Mistakes) Read(
        IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment, Func<string, IReadOnlyDictionary<string, string?>?> file)
    {
        var options = new SiloOptions();
        var mistakes = new List<string>();
        foreach (var (key, value) in file("silo.json") ?? new Dictionary<string, string?>())
            Set(options, Find(key), $"silo.json: {key}", value, mistakes);
        foreach (var (key, value) in environment)
            if (key.StartsWith(Prefix, StringComparison.Ordinal))
                Set(options, Find(key[Prefix.Length..].Replace("_", "")), key, value, mistakes);
        for (var i = 0; i < arguments.Count; i++)
        {
            var parts = arguments[i].Split('=', 2);
            var property = parts[0].StartsWith("--", StringComparison.Ordinal) ? Find(parts[0][2..].Replace("-", "")) : null;
            var flag = property?.PropertyType == typeof(bool) && parts.Length == 1
                && !(i + 1 < arguments.Count && bool.TryParse(arguments[i + 1], out _));
            var value = parts.Length == 2 ? parts[1] : flag ? "true" : i + 1 < arguments.Count ? arguments[++i] : null;
            Set(options, property, parts[0], value, mistakes);
        }
        return (options, mistakes);
    }

    private static PropertyInfo? Find(string name) =>
        Array.Find(Properties, property => property.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    private static void Set(SiloOptions options, PropertyInfo? property, string source, string? text, List<string> mistakes)
    {
        if (property is null)
        {
            mistakes.Add($"There is no option {source}. Options are: {string.Join(", ", Names.Select(name => "--" + name))}.");
            return;
        }
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        try
        {
            property.SetValue(options, Convert.ChangeType(text ?? throw new FormatException(), type, CultureInfo.InvariantCulture));
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            var expected = type == typeof(int) ? "a whole number" : type == typeof(bool) ? "true or false" : "a value";
            mistakes.Add($"{source} is '{text}', but must be {expected}.");
        }
    }

    private static string Words(string name, char separator)
    {
        var result = new StringBuilder();
        foreach (var c in name)
        {
            if (char.IsUpper(c) && result.Length > 0)
                result.Append(separator);
            result.Append(c);
        }
        return result.ToString();
    }
}
