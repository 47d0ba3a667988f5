using Engine.Initialization;

namespace Engine.Training;

/// <summary>The weight initialisations by name; a plain name is its normal form, but for Xavier, whose paper is uniform.</summary>
public static class Initializers
{
    /// <summary>Every initializer. Random: LeCun 1998; Xavier: Glorot, Bengio 2010, eq. 16; He: He et al. 2015, eq. 10.</summary>
    public static Catalog<Initializer> Catalog { get; } = new("initializer")
    {
        { "random", new(Random, uniform: false) },
        { "random_normal", new(Random, uniform: false) },
        { "random_uniform", new(Random, uniform: true) },
        { "xavier", new(Xavier, uniform: true) },
        { "xavier_normal", new(Xavier, uniform: false) },
        { "xavier_uniform", new(Xavier, uniform: true) },
        { "he", new(He, uniform: false) },
        { "he_normal", new(He, uniform: false) },
        { "he_uniform", new(He, uniform: true) },
    };

    /// <summary>The registered names.</summary>
    public static IReadOnlyList<string> Names => Catalog.Names;

    private static double Random(int fanIn, int fanOut) => Math.Sqrt(1.0 / fanIn);

    private static double Xavier(int fanIn, int fanOut) => Math.Sqrt(2.0 / (fanIn + fanOut));

    private static double He(int fanIn, int fanOut) => Math.Sqrt(2.0 / fanIn);
}
