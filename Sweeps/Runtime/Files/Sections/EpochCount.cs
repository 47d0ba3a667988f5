using Sweeps.Core;
using Sweeps.Core.Space;

namespace Sweeps.Files.Sections;

/// <summary>The number of epochs of a run.</summary>
/// <param name="Fixed">The epochs of a configuration without <paramref name="Parameter"/>.</param>
/// <param name="Parameter">The name of the parameter with the epochs of a run, or null.</param>
/// <param name="Most">The maximum over all configurations.</param>
internal sealed record EpochCount(int Fixed, string? Parameter, int Most)
{
    private static readonly string[] Names = ["epochs", "num_epochs", "n_epochs", "max_epochs"];

    /// <summary>
    /// Determines the epochs from, in order of precedence, a parameter named <c>epochs</c>, the top-level key, the last epoch of a rule, and the default.
    /// </summary>
    public static EpochCount Of(
        SearchSpace space, long? topLevel, int? ofRules, Section top, IReadOnlyDictionary<string, SourceLocation> locations)
    {
        var otherwise = (int?)topLevel ?? ofRules ?? SweepSpec.DefaultEpochs;
        if (Names.Select(space.Find).FirstOrDefault(found => found is not null) is not { } parameter)
            return new EpochCount(otherwise, null, otherwise);

        if (topLevel is not null && parameter.When.Count == 0)
            top.Diagnostics.Warn(top.LocationOf("epochs"), $"The parameter '{parameter.Name}' gives every run its epochs: the top-level 'epochs' has no effect.");
        var most = 0.0;
        switch (parameter.Distribution.Domain)
        {
            case Domain.Categories categories when categories.Values.All(value => IsCount(value.AsDouble())):
                most = categories.Values.Max(value => value.AsDouble()!.Value);
                break;
            case Domain.Range { Integer: true, Low: >= 1, High: <= SweepSpec.EpochLimit } range:
                most = range.High;
                break;
            default:
                top.Diagnostics.Mistake(locations[parameter.Name], $"Every value of '{parameter.Name}' must be an integer from 1 to {SweepSpec.EpochLimit}: it is the number of epochs of a run.");
                break;
        }
        return new EpochCount(otherwise, parameter.Name, parameter.When.Count == 0 ? (int)most : Math.Max((int)most, otherwise));
    }

    /// <summary>
    /// Determines the maximum epochs of a trainable that ends by itself from the top-level key, the last epoch of a rule, or
    /// <see cref="SweepSpec.EpochLimit"/>.
    /// </summary>
    public static EpochCount Open(long? topLevel, int? ofRules)
    {
        var most = (int?)topLevel ?? ofRules ?? SweepSpec.EpochLimit;
        return new EpochCount(most, null, most);
    }

    private static bool IsCount(double? value) => value is >= 1 and <= SweepSpec.EpochLimit && value == Math.Floor(value.Value);
}
