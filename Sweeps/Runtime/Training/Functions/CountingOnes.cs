using Sweeps.Core;

namespace Sweeps.Training.Functions;

/// <summary>
/// Counting ones (Falkner et al. 2018, BOHB), minimised: f = −(Σ cᵢ + Σⱼ mean of n draws of Bernoulli(xⱼ)), cᵢ in {0, 1}. At fidelity
/// z &lt; 1, n = ⌈z·93312/d⌉, where 93312 is the largest budget of the paper. At z = 1 the mean is its expectation xⱼ.
/// </summary>
/// <param name="name">The name in a sweep file.</param>
/// <param name="half">The number of binary parameters c1 … and of real parameters x1 ….</param>
public sealed class CountingOnes(string name, int half) : ClosedForm(
    name,
    Spaces.Of(Enumerable.Range(1, half).SelectMany(i => new[] { Spaces.Bit($"c{i}"), Spaces.Uniform($"x{i}", 0, 1) })),
    Goal.Minimize,
    -2 * half)
{
    private const double LargestBudget = 93_312;

    /// <inheritdoc/>
    public override double Value(Configuration configuration, FidelityLevel level, ulong seed)
    {
        var random = new SplitMix64(SplitMix64.Draw(seed, (ulong)level.Epoch, "$ones"));
        var draws = level.Z >= 1 ? 0 : (int)Math.Ceiling(level.Z * LargestBudget / (2 * half));
        var sum = 0.0;
        for (var i = 1; i <= half; i++)
            sum += configuration.Number($"c{i}") + Mean(configuration.Number($"x{i}"), draws, ref random);
        return -sum;
    }

    private static double Mean(double x, int draws, ref SplitMix64 random)
    {
        if (draws == 0)
            return x;
        var ones = 0;
        for (var i = 0; i < draws; i++)
            ones += random.NextDouble() < x ? 1 : 0;
        return (double)ones / draws;
    }
}
