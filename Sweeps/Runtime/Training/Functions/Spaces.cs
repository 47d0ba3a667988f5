using System.Collections.Immutable;
using Sweeps.Core;
using Sweeps.Core.Space;

namespace Sweeps.Training.Functions;

/// <summary>Builds the search spaces of the functions.</summary>
internal static class Spaces
{
    private static readonly ImmutableDictionary<string, IReadOnlyList<Value>> Always = ImmutableDictionary<string, IReadOnlyList<Value>>.Empty;

    /// <summary>A space of parameters, sorted by name.</summary>
    public static SearchSpace Of(params IEnumerable<Parameter> parameters) =>
        new([.. parameters.OrderBy(parameter => parameter.Name, StringComparer.Ordinal)]);

    /// <summary>x1 … xd in [0, 1].</summary>
    public static SearchSpace UnitCube(int dimensions) => Of(Enumerable.Range(1, dimensions).Select(i => Uniform($"x{i}", 0, 1)));

    /// <summary>A real number.</summary>
    public static Parameter Uniform(string name, double min, double max) => new(name, new Uniform(min, max), Always);

    /// <summary>A real number with a uniform logarithm.</summary>
    public static Parameter Log(string name, double min, double max) => new(name, LogUniform.OfValues(min, max), Always);

    /// <summary>An integer.</summary>
    public static Parameter Integer(string name, long min, long max) => new(name, new IntUniform(min, max), Always);

    /// <summary>An integer with a uniform logarithm.</summary>
    public static Parameter LogInteger(string name, long min, long max) =>
        new(name, new Quantized(LogUniform.OfValues(min, max), 1, Integer: true), Always);

    /// <summary>A categorical parameter with the values 0 and 1.</summary>
    public static Parameter Bit(string name) => new(name, new Categorical([new Value.Integer(0), new Value.Integer(1)]), Always);

    /// <summary>A categorical parameter with texts as values.</summary>
    public static Parameter Choice(string name, params string[] values) =>
        new(name, new Categorical([.. values.Select(value => new Value.Text(value))]), Always);

    /// <summary>Makes a parameter active only if <paramref name="parent"/> has the value <paramref name="value"/>.</summary>
    public static Parameter When(this Parameter parameter, string parent, string value) =>
        parameter with { When = ImmutableDictionary<string, IReadOnlyList<Value>>.Empty.Add(parent, [new Value.Text(value)]) };
}
