using System.Reflection;
using System.Text.Json;

namespace Silo.Options;

/// <summary>
/// The sources of <see cref="SiloOptions"/>: the section <c>Silo</c> of <c>appsettings.json</c> beside the program, environment variables
/// (<c>SILO_HTTP_PORT</c>) and the command line (<c>--http-port</c>); the later wins.
/// </summary>
public static class SiloConfiguration
{
    private const string Section = "Silo", Prefix = "SILO_";

    /// <summary>The options' properties.</summary>
    public static IReadOnlyList<PropertyInfo> Options { get; } = typeof(SiloOptions).GetProperties(BindingFlags.Public | BindingFlags.Instance);

    /// <summary>The section with the options. Throws <see cref="InvalidDataException"/> when the file is not JSON.</summary>
    public static IConfiguration Read(
        IReadOnlyList<string> arguments, IEnumerable<KeyValuePair<string, string?>> environment, string folder) => new ConfigurationBuilder()
        .SetBasePath(folder)
        .AddJsonFile("appsettings.json", optional: true)
        .AddInMemoryCollection(environment
            .Where(variable => variable.Key.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
            .Select(variable => KeyValuePair.Create(Key(variable.Key, variable.Key[Prefix.Length..]), variable.Value)))
        .AddCommandLine([.. Assignments(arguments)])
        .Build()
        .GetSection(Section);

    /// <summary>The option as it is typed: <c>--http-port</c>.</summary>
    public static string Switch(PropertyInfo option) => "--" + JsonNamingPolicy.KebabCaseLower.ConvertName(option.Name);

    /// <summary>The option as a variable: <c>SILO_HTTP_PORT</c>.</summary>
    public static string Variable(PropertyInfo option) => Prefix + JsonNamingPolicy.SnakeCaseUpper.ConvertName(option.Name);

    /// <summary>The option with this name in any of the three spellings.</summary>
    public static PropertyInfo? Find(string name)
    {
        var plain = name.Replace("-", "").Replace("_", "");
        return Options.FirstOrDefault(option => option.Name.Equals(plain, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Arguments as <c>key=value</c>. An option at the end or before another option has no value: that switches it on.</summary>
    private static IEnumerable<string> Assignments(IReadOnlyList<string> arguments)
    {
        for (var i = 0; i < arguments.Count; i++)
        {
            var (name, value) = arguments[i].Split('=', 2) is [var before, var after] ? (before, after) : (arguments[i], null);
            var named = name.StartsWith("--", StringComparison.Ordinal);
            var option = named ? Find(name) : null;
            if (named && value is null && i + 1 < arguments.Count && !arguments[i + 1].StartsWith("--", StringComparison.Ordinal))
                value = arguments[++i];
            yield return $"{Section}:{option?.Name ?? name}={value ?? (option?.PropertyType == typeof(bool) ? "true" : "")}";
        }
    }

    /// <summary>An unknown name stays as it was given, so that it can be refused under that name.</summary>
    private static string Key(string given, string name) => $"{Section}:{Find(name)?.Name ?? given}";
}
