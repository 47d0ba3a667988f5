using Engine.Numerics;

namespace Engine.Networks;

/// <summary>
/// The weight initializers by name. A name without a suffix is the normal distribution, except <c>xavier</c> and <c>pytorch</c>, which are
/// uniform as in their sources.
/// </summary>
public static class Initializers
{
    /// <summary>
    /// All initializers. Random: Keras' RandomNormal and RandomUniform; LeCun 1998; Xavier: Glorot, Bengio 2010, eq. 16; He: He et al.
    /// 2015, eq. 10; PyTorch's default for dense layers and convolutions, U(±1/√fan-in), biases included.
    /// </summary>
    public static Catalog<Initializer> Catalog { get; } = new("initializer")
    {
        { "random", new(Random, uniform: false) },
        { "random_normal", new(Random, uniform: false) },
        { "random_uniform", new((_, _, scale) => scale / Math.Sqrt(3), uniform: true) },
        { "lecun", new(LeCun, uniform: false) },
        { "lecun_normal", new(LeCun, uniform: false) },
        { "lecun_uniform", new(LeCun, uniform: true) },
        { "xavier", new(Xavier, uniform: true) },
        { "xavier_normal", new(Xavier, uniform: false) },
        { "xavier_uniform", new(Xavier, uniform: true) },
        { "he", new(He, uniform: false) },
        { "he_normal", new(He, uniform: false) },
        { "he_uniform", new(He, uniform: true) },
        { "pytorch", new((fanIn, _, _) => Math.Sqrt(1.0 / 3 / fanIn), uniform: true, biases: true) },
    };

    /// <summary>The registered names.</summary>
    public static IReadOnlyList<string> Names => Catalog.Names;

    private static double Random(int fanIn, int fanOut, double scale) => scale;

    private static double LeCun(int fanIn, int fanOut, double scale) => Math.Sqrt(1.0 / fanIn);

    private static double Xavier(int fanIn, int fanOut, double scale) => Math.Sqrt(2.0 / (fanIn + fanOut));

    private static double He(int fanIn, int fanOut, double scale) => Math.Sqrt(2.0 / fanIn);
}

/// <summary>Fills parameters with random numbers with mean 0.</summary>
/// <param name="deviation">The standard deviation for (fan-in, fan-out, <see cref="NetworkOptions.InitScale"/>).</param>
/// <param name="uniform">Whether the distribution is uniform on ±√3·deviation instead of normal.</param>
/// <param name="biases">Whether biases are drawn too; otherwise they start at 0.</param>
public sealed class Initializer(Func<int, int, double, double> deviation, bool uniform, bool biases = false)
{
    /// <summary>Whether biases are drawn too.</summary>
    public bool Biases => biases;

    /// <summary>Draws the values row by row, so that they do not depend on the memory layout.</summary>
    /// <param name="parameter">The weights or biases of a layer.</param>
    /// <param name="weight">The weights of the layer, which define fan-in and fan-out.</param>
    /// <param name="scale">The scale of random weights.</param>
    /// <param name="random">The source of randomness.</param>
    public void Fill(Parameter parameter, Parameter weight, double scale, RandomStream random)
    {
        var spread = deviation(weight.FanIn, weight.FanOut, scale);
        var half = Math.Sqrt(3) * spread;
        var values = new float[parameter.Count];
        for (var i = 0; i < values.Length; i++)
            values[i] = (float)(uniform ? (2 * random.NextDouble() - 1) * half : random.NextNormal() * spread);
        parameter.Import(values);
    }
}
