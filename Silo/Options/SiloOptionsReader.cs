using System.ComponentModel;
using System.Reflection;
using Microsoft.Extensions.Options;

namespace Silo.Options;

/// <summary>Binds <see cref="SiloOptions"/> to configuration, or names every option that is unknown or has no value of its type.</summary>
public sealed class SiloOptionsReader(IConfiguration configuration) : IConfigureOptions<SiloOptions>, IValidateOptions<SiloOptions>
{
    private readonly List<string> mistakes = [.. configuration.GetChildren().Select(Mistake).OfType<string>()];

    /// <inheritdoc/>
    public void Configure(SiloOptions options)
    {
        // The binder would stop at the first value that it cannot convert.
        if (mistakes.Count == 0)
            configuration.Bind(options);
    }

    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, SiloOptions options) =>
        mistakes.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(mistakes);

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
