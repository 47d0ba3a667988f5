using System.ComponentModel;
using System.Reflection;
using System.Text.Json;
using Microsoft.Extensions.Options;

namespace Silo.Options;

/// <summary>
/// The sources of <see cref="SiloOptions"/>, in ascending precedence: the section <c>Silo</c> of <c>appsettings.json</c> beside the program, environment
/// variables (<c>SILO_HTTP_PORT</c>), and the command line (<c>--http-port</c>).
/// </summary>
public static class SiloConfiguration
{
    private const string Section = "Silo", Prefix = "SILO_";

    public static IReadOnlyList<PropertyInfo> Options { get; } = typeof(SiloOptions).GetProperties(BindingFlags.Public | BindingFlags.Instance);

    /// <summary>Returns the section with the options. Throws <see cref="InvalidDataException"/> if the file is not JSON.</summary>
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

    /// <summary>The option on the command line: <c>--http-port</c>.</summary>
    public static string Switch(PropertyInfo option) => "--" + JsonNamingPolicy.KebabCaseLower.ConvertName(option.Name);

    /// <summary>The option as an environment variable: <c>SILO_HTTP_PORT</c>.</summary>
    public static string Variable(PropertyInfo option) => Prefix + JsonNamingPolicy.SnakeCaseUpper.ConvertName(option.Name);

    /// <summary>The option with this name in any of the three spellings.</summary>
    public static PropertyInfo? Find(string name)
    {
        var plain = name.Replace("-", "").Replace("_", "");
        return Options.FirstOrDefault(option => option.Name.Equals(plain, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Returns the arguments as <c>key=value</c>. A boolean option without a value is true.</summary>
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

    /// <summary>Returns the configuration key of an option. An unknown name is kept as it was given, so that the error message can show it.</summary>
    private static string Key(string given, string name) => $"{Section}:{Find(name)?.Name ?? given}";
}

/// <summary>Binds <see cref="SiloOptions"/> to configuration, and reports every option that is unknown or whose value has the wrong type.</summary>
public sealed class SiloOptionsReader(IConfiguration configuration) : IConfigureOptions<SiloOptions>, IValidateOptions<SiloOptions>
{
    private readonly List<(IConfigurationSection Given, string? Mistake)> given = [.. configuration.GetChildren().Select(one => (one, Mistake(one)))];

    /// <inheritdoc/>
    public void Configure(SiloOptions options)
    {
        // Bind only values that can be read: Bind throws at the first other one. The validator then reports the mistakes in the rest too.
        new ConfigurationBuilder()
            .AddInMemoryCollection(given.Where(one => one.Mistake is null).Select(one => KeyValuePair.Create(one.Given.Key, one.Given.Value)))
            .Build()
            .Bind(options);
    }

    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, SiloOptions options)
    {
        var mistakes = given.Select(one => one.Mistake).OfType<string>().ToList();
        return mistakes.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(mistakes);
    }

    private static string? Mistake(IConfigurationSection given)
    {
        if (SiloConfiguration.Options.FirstOrDefault(option => option.Name.Equals(given.Key, StringComparison.OrdinalIgnoreCase)) is not { } option)
            return $"There is no option {given.Key}. Options are: {string.Join(", ", SiloConfiguration.Options.Select(SiloConfiguration.Switch))}.";
        return !string.IsNullOrEmpty(given.Value) && TypeDescriptor.GetConverter(option.PropertyType).IsValid(given.Value)
            ? null
            : $"{SiloConfiguration.Switch(option)} ({SiloConfiguration.Variable(option)}) is '{given.Value}', but must be {Expected(option)}.";
    }

    private static string Expected(PropertyInfo option) =>
        option.PropertyType == typeof(int) ? "a whole number" : option.PropertyType == typeof(bool) ? "true or false" : "a value";
}
