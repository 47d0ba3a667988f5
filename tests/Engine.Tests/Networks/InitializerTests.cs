using Engine.Data;
using Engine.Networks;
using MathNet.Numerics.Statistics;

namespace Engine.Tests.Networks;

public sealed class InitializerTests
{
    private const int Inputs = 400, Units = 100;

    /// <summary>Name, scale, the expected standard deviation of the first layer, and the largest weight of a uniform one (0: normal).</summary>
    public static TheoryData<string, double, double, double> Spreads => new()
    {
        { "random", 0.05, 0.05, 0 },
        { "random_normal", 0.01, 0.01, 0 },
        { "random_uniform", 0.05, 0.05 / Math.Sqrt(3), 0.05 },
        { "lecun", 0.05, 0.05, 0 },
        { "lecun_uniform", 0.01, 0.05, 0.05 * Math.Sqrt(3) },
        { "xavier", 0.01, Math.Sqrt(2.0 / 500), Math.Sqrt(6.0 / 500) },
        { "he", 0.01, Math.Sqrt(2.0 / 400), 0 },
        { "pytorch", 0.01, 0.05 / Math.Sqrt(3), 0.05 },
    };

    [Theory]
    [MemberData(nameof(Spreads))]
    public void Weights_have_the_spread_of_their_rule(string name, double scale, double deviation, double largest)
    {
        using var network = Build(name, scale);
        var weights = network.Parameters[0].Export().Select(w => (double)w).ToArray();

        Assert.InRange(weights.Mean(), -0.02 * deviation, 0.02 * deviation);
        Assert.InRange(weights.StandardDeviation(), 0.98 * deviation, 1.02 * deviation);
        if (largest > 0)
            Assert.InRange(weights.Max(Math.Abs), 0.99 * largest, largest);
        else
            Assert.InRange(weights.Max(Math.Abs), 3 * deviation, 6 * deviation);
    }

    [Fact]
    public void Only_PyTorchs_default_draws_biases()
    {
        foreach (var name in Initializers.Names)
        {
            using var network = Build(name, 0.05);
            var biases = network.Parameters[1].Export();
            if (name == "pytorch")
                Assert.InRange(biases.Max(Math.Abs), 0.9 * 0.05, 0.05);
            else
                Assert.All(biases, bias => Assert.Equal(0, bias));
        }
    }

    private static Network Build(string initializer, double scale) => Network.Build(
        new NetworkOptions { HiddenSizes = [Units], Initializer = initializer, InitScale = scale }, ImageShape.Vector(Inputs), classes: 10, seed: 3, capacity: 1);
}
