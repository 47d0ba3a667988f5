using Sweeps.Core;
using Sweeps.Core.Search;
using Sweeps.Core.Space;

namespace Sweeps.Training;

/// <summary>A value of a parameter with which no tried configuration could be built.</summary>
/// <param name="Parameter">The full name of the parameter.</param>
/// <param name="Index">The index of the value among those of the sweep file.</param>
/// <param name="Value">The value.</param>
/// <param name="Tried">The number of tried configurations with the value, at least 1.</param>
/// <param name="Why">The error message of the last of them.</param>
public sealed record UnbuildableValue(string Parameter, int Index, Value Value, int Tried, string Why);

/// <summary>
/// Builds configurations of a sweep on its data before it starts. A single configuration that cannot be trained is not reported, but a value with which
/// none can be trained, because it wastes every run that has it. Configurations that start from the weights of another run are skipped, because
/// these weights do not exist yet.
/// </summary>
public static class BuildCheck
{
    private const int Tries = 16;

    /// <summary>
    /// Builds the first configurations, then for each categorical value that none of the built ones has up to 16 further ones. Returns the values with which
    /// none could be built.
    /// </summary>
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

    /// <summary>Returns the reason why a configuration cannot be built; else adds its values to <paramref name="built"/> and returns null.</summary>
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
