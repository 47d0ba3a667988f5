using Sweeps.Core;
using Sweeps.Core.Search;
using Sweeps.Core.Space;

namespace Sweeps.Training;

/// <summary>A value with which no configuration could be built.</summary>
/// <param name="Parameter">The full name of the parameter.</param>
/// <param name="Index">The index of the value among those of the sweep file.</param>
/// <param name="Value">The value.</param>
/// <param name="Tried">How many configurations with the value were tried, at least 1.</param>
/// <param name="Why">The message of the last of them.</param>
public sealed record UnbuildableValue(string Parameter, int Index, Value Value, int Tried, string Why);

/// <summary>
/// Builds configurations of a sweep on its data before it starts. One that cannot be trained is a result of the search, not a mistake; a value with
/// which none can be trained wastes every run that has it. Configurations that start from the weights of a run are not built: there are none yet.
/// </summary>
public static class BuildCheck
{
    private const int Tries = 16;

    /// <summary>Builds the first configurations, then others with each value of a list that was in none of those that could be built.</summary>
    /// <param name="spec">The sweep.</param>
    /// <param name="first">The first configurations of the sweep.</param>
    /// <param name="trainable">The trainable with its data.</param>
    /// <exception cref="ConfigurationException">None of the first configurations can be trained.</exception>
    public static IReadOnlyList<UnbuildableValue> Run(SweepSpec spec, IReadOnlyList<Configuration> first, ITrainable trainable)
    {
        var built = new HashSet<(string, Value)>();
        ConfigurationException? refused = null;
        foreach (var configuration in first.Where(configuration => spec.SourceOf(configuration) is null))
            if (Refusal(trainable, configuration, built) is { } refusal)
                refused ??= new ConfigurationException($"The configuration {configuration} cannot be trained: {refusal.Message}", refusal);
        if (refused is not null && built.Count == 0)
            throw refused;

        var unbuildable = new List<UnbuildableValue>();
        foreach (var parameter in spec.Space.Parameters)
            if (parameter.Distribution.Domain is Domain.Categories { Values: { Count: > 1 } values })
                foreach (var (index, value) in values.Index())
                    if (!built.Contains((parameter.Name, value)) && Try(spec, parameter, index, value, trainable, built) is { } found)
                        unbuildable.Add(found);
        return unbuildable;
    }

    private static UnbuildableValue? Try(
        SweepSpec spec, Parameter wanted, int index, Value value, ITrainable trainable, HashSet<(string, Value)> built)
    {
        var random = new RandomSequence(spec.Seed);
        var (tried, why) = (0, "");
        for (var draw = 0; draw < Tries; draw++)
        {
            var configuration = spec.Space.Assemble(parameter => parameter == wanted ? value : parameter.Distribution.Quantile(random.Draw(draw, 0, parameter)));
            if (configuration[wanted.Name] is null || spec.SourceOf(configuration) is not null || !spec.Constraints.All(constraint => constraint.Holds(configuration)))
                continue;
            if (Refusal(trainable, configuration, built) is not { } refusal)
                return null;
            (tried, why) = (tried + 1, refusal.Message);
        }
        return tried > 0 ? new UnbuildableValue(wanted.Name, index, value, tried, why) : null;
    }

    /// <summary>Why a configuration cannot be built, or null after its values were added to <paramref name="built"/>.</summary>
    private static ConfigurationException? Refusal(ITrainable trainable, Configuration configuration, HashSet<(string, Value)> built)
    {
        try
        {
            trainable.Start(configuration, 0).Dispose();
        }
        catch (ConfigurationException refusal)
        {
            return refusal;
        }
        foreach (var (name, value) in configuration)
            built.Add((name, value));
        return null;
    }
}
