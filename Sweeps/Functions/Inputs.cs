using Sweeps.Core;

namespace Sweeps.Functions;

/// <summary>Reads the arguments of a function from a configuration.</summary>
internal static class Inputs
{
    /// <summary>The number of a parameter. Throws <see cref="ArgumentException"/> when it is absent or no number.</summary>
    public static double Number(this Configuration configuration, string name) => configuration[name] switch
    {
        null => throw Missing(name, configuration),
        var value => value.AsDouble() ?? throw new ArgumentException($"The parameter '{name}' must be a number, not '{value}'."),
    };

    /// <summary>The numbers of x1 … xd.</summary>
    public static double[] Vector(this Configuration configuration, int dimensions)
    {
        var x = new double[dimensions];
        for (var i = 0; i < dimensions; i++)
            x[i] = configuration.Number($"x{i + 1}");
        return x;
    }

    /// <summary>The text of a parameter. Throws <see cref="ArgumentException"/> when it is absent.</summary>
    public static string Word(this Configuration configuration, string name) =>
        configuration[name]?.ToString() ?? throw Missing(name, configuration);

    private static ArgumentException Missing(string name, Configuration configuration) =>
        new($"The function needs the parameter '{name}', which the configuration '{configuration}' lacks: add it to the sweep file.");
}
