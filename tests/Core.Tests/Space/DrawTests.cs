using Sweeps.Core;
using Sweeps.Core.Search;
using Sweeps.Core.Space;

namespace Core.Tests.Space;

public class DrawTests
{
    private static readonly IReadOnlyDictionary<string, IReadOnlyList<Value>> Always = new Dictionary<string, IReadOnlyList<Value>>();

    [Theory]
    [InlineData("learning_rate", 0x43cf33f5602fb96e, 0.9828039223586259, 0.9141453559575097, 0.6877569346797582, 0.6120812396930386)]
    [InlineData("hidden_size", 0xdcbb6776b9db1e5b, 0.5622660400000028, 0.6547103974229194, 0.1336146761636101, 0.6359905005252852)]
    [InlineData("optimizer.name", 0xd0c787e8fb935bcd, 0.9937813035414206, 0.6152897669575569, 0.40559408288550647, 0.09023287814915304)]
    public void Draws_have_the_golden_values(string name, ulong hash, double first, double second, double third, double other)
    {
        var parameter = new Parameter(name, new Uniform(0, 1), Always);

        Assert.Equal(hash, SplitMix64.Hash(name));
        Assert.Equal([first, second, third], Enumerable.Range(0, 3).Select(n => new RandomSequence(0).Draw(n, 0, parameter)));
        Assert.Equal(other, new RandomSequence(42).Draw(7, 0, parameter));
    }

    [Theory]
    [InlineData(0, 0, 0x79b4bf4273bf7978)]
    [InlineData(0, 1, 0x59e3e13e376053c4)]
    [InlineData(42, 7, 0xd92217038468fad6)]
    public void Training_seeds_have_the_golden_values(ulong seed, ulong n, ulong expected) =>
        Assert.Equal(expected, SplitMix64.Draw(seed, n, "$run"));

    [Fact]
    public void Run_0_of_seed_0_has_the_golden_learning_rate()
    {
        var parameter = new Parameter("learning_rate", LogUniform.OfValues(1e-4, 1e-1), Always);

        var value = parameter.Distribution.Quantile(new RandomSequence(0).Draw(0, 0, parameter));

        Assert.Equal(0.0887997549021244, value.AsDouble()!.Value, 1e-16);
    }

    [Fact]
    public void A_repeated_draw_takes_the_next_block_of_points()
    {
        var parameter = new Parameter("x", new Uniform(0, 1), Always);

        var expected = (SplitMix64.Draw(3, 5 + (2UL << 32), "x") >> 11) * (1.0 / (1UL << 53));
        Assert.Equal(expected, new RandomSequence(3).Draw(5, 2, parameter));
    }
}
