namespace Sweeps.Training.Functions;

/// <summary>The functions that a sweep file can name.</summary>
public static class FunctionRegistry
{
    private static readonly Dictionary<string, ClosedForm> ByName = new ClosedForm[]
    {
        new Branin(),
        new Currin(),
        new Hartmann("hartmann3", 3),
        new Hartmann("hartmann6", 6),
        new Hartmann("mf_hartmann3", 3, 0.5, 0.1),
        new Hartmann("mf_hartmann3_good", 3, 2.5, 2),
        new Hartmann("mf_hartmann3_moderate", 3, 3, 3),
        new Hartmann("mf_hartmann3_bad", 3, 3.5, 4),
        new Hartmann("mf_hartmann3_terrible", 3, 4, 5),
        new Hartmann("mf_hartmann6", 6, 0.5, 0.1),
        new Hartmann("mf_hartmann6_good", 6, 2.5, 2),
        new Hartmann("mf_hartmann6_moderate", 6, 3, 3),
        new Hartmann("mf_hartmann6_bad", 6, 3.5, 4),
        new Hartmann("mf_hartmann6_terrible", 6, 4, 5),
        new CountingOnes("counting_ones", 8),
        new CountingOnes("counting_ones_50", 50),
        new Mixed(),
        new Height(),
        new SyntheticCurves(),
    }.ToDictionary(function => function.Name, StringComparer.Ordinal);

    /// <summary>The names in ordinal order.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. ByName.Keys.Order(StringComparer.Ordinal)];

    public static ClosedForm? Find(string name) => ByName.GetValueOrDefault(name);

    /// <summary>Returns the function with a name. Throws <see cref="ArgumentException"/> with all known names if there is none.</summary>
    public static ClosedForm Get(string name) =>
        Find(name) ?? throw new ArgumentException($"There is no function '{name}'. Known functions: {string.Join(", ", Names)}.", nameof(name));
}
