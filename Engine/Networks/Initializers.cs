using Engine.Numerics;

namespace Engine.Networks;

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

/// <summary>Fills a weight matrix with random numbers of mean 0 whose spread depends on its fans. Biases start at 0.</summary>
/// <param name="deviation">The standard deviation for (fan-in, fan-out).</param>
/// <param name="uniform">Uniform on ±√3·deviation instead of normal.</param>
public sealed class Initializer(Func<int, int, double> deviation, bool uniform)
{
    /// <summary>Draws the weights row by row, so that the numbers do not depend on how they lie in memory.</summary>
    public void Fill(Parameter weight, RandomStream random)
    {
        var spread = deviation(weight.FanIn, weight.FanOut);
        var half = Math.Sqrt(3) * spread;
        var values = new float[weight.Count];
        for (var i = 0; i < values.Length; i++)
            values[i] = (float)(uniform ? (2 * random.NextDouble() - 1) * half : random.NextNormal() * spread);
        weight.Import(values);
    }
}
