using Engine.Layers;
using Engine.Random;

namespace Engine.Initialization;

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
