using Sweeps.Core;
using Sweeps.Core.Space;

namespace Sweeps.Training.Functions;

/// <summary>
/// A multi-fidelity test function in closed form (docs/search.md, 8) with its search space, optimum, cost and noise.
/// </summary>
/// <param name="name">The name in a sweep file: <c>hartmann6</c>.</param>
/// <param name="space">The search space.</param>
/// <param name="goal">Whether it is minimised or maximised.</param>
/// <param name="optimum">The best noiseless value at full fidelity.</param>
public abstract class ClosedForm(string name, SearchSpace space, Goal goal, double optimum)
{
    /// <summary>The name in a sweep file.</summary>
    public string Name => name;

    /// <summary>The search space. A sweep file may narrow it.</summary>
    public SearchSpace Space => space;

    /// <summary>Whether it is minimised or maximised.</summary>
    public Goal Goal => goal;

    /// <summary>The best noiseless value at full fidelity.</summary>
    public double Optimum => optimum;

    /// <summary>
    /// The value of a configuration at a fidelity level. The same arguments give the same value. Only functions with inherent randomness use
    /// <paramref name="seed"/>. Throws <see cref="ArgumentException"/> if a parameter is missing or of the wrong type.
    /// </summary>
    public abstract double Value(Configuration configuration, FidelityLevel level, ulong seed);

    /// <summary>The cost of an evaluation at fidelity z without earlier evaluations; 1 at z = 1.</summary>
    public virtual double Cost(double z) => z;

    /// <summary>Simple regret: the distance of a value from the optimum.</summary>
    public double Regret(double value) => goal == Goal.Maximize ? optimum - value : value - optimum;

    /// <summary>
    /// The value at an epoch, with normal noise of standard deviation <paramref name="noise"/>, and the cost of that epoch alone. The noise depends only on
    /// seed and epoch, so that a resumed run reports the same values as an uninterrupted one.
    /// </summary>
    public Evaluation Evaluate(Configuration configuration, FidelityLevel level, ulong seed, double noise = 0)
    {
        var value = Value(configuration, level, seed);
        if (noise > 0)
            value += noise * RandomVariates.Normal(SplitMix64.Draw(seed, (ulong)level.Epoch, "$noise"));
        var before = level.Epoch > 1 ? Cost(level.Previous.Z) : 0;
        return new Evaluation(value, Math.Max(0, Cost(level.Z) - before));
    }
}

/// <summary>The value and the cost of an epoch. The unit of the cost is a full evaluation.</summary>
public readonly record struct Evaluation(double Value, double Cost);

/// <summary>Epoch e of R, counted from 1, with the scale that converts it to a fidelity z in [0, 1].</summary>
public readonly record struct FidelityLevel(int Epoch, int Epochs, Fidelity Fidelity)
{
    /// <summary>Full fidelity.</summary>
    public static FidelityLevel Full { get; } = new(1, 1, Fidelity.Linear);

    /// <summary>z = e / R, or ln e / ln R on the logarithmic scale; 1 if R is 1.</summary>
    public double Z => Epoch >= Epochs ? 1 : Fidelity == Fidelity.Linear ? (double)Epoch / Epochs : Math.Log(Epoch) / Math.Log(Epochs);

    /// <summary>The level of the previous epoch.</summary>
    public FidelityLevel Previous => this with { Epoch = Epoch - 1 };
}

/// <summary>Reads the arguments of a function from a configuration.</summary>
internal static class ConfigurationExtensions
{
    /// <summary>The value of a numeric parameter. Throws <see cref="ArgumentException"/> if it is absent or not a number.</summary>
    public static double Number(this Configuration configuration, string name) => configuration[name] switch
    {
        null => throw Missing(name, configuration),
        var value => value.AsDouble() ?? throw new ArgumentException($"The parameter '{name}' must be a number, not '{value}'."),
    };

    /// <summary>The values of x1 … xd.</summary>
    public static double[] Vector(this Configuration configuration, int dimensions)
    {
        var x = new double[dimensions];
        for (var i = 0; i < dimensions; i++)
            x[i] = configuration.Number($"x{i + 1}");
        return x;
    }

    /// <summary>The text of a parameter. Throws <see cref="ArgumentException"/> if it is absent.</summary>
    public static string Word(this Configuration configuration, string name) =>
        configuration[name]?.ToString() ?? throw Missing(name, configuration);

    private static ArgumentException Missing(string name, Configuration configuration) =>
        new($"The function needs the parameter '{name}', which the configuration '{configuration}' lacks: add it to the sweep file.");
}

/// <summary>Converts 64 random bits to a random variate.</summary>
internal static class RandomVariates
{
    /// <summary>Uniform in (0, 1).</summary>
    public static double Unit(ulong bits) => ((bits >> 11) + 0.5) * (1.0 / (1UL << 53));

    /// <summary>Standard normal.</summary>
    public static double Normal(ulong bits) => MathNet.Numerics.Distributions.Normal.InvCDF(0, 1, Unit(bits));

    /// <summary>Exponential with mean 1.</summary>
    public static double Exponential(ulong bits) => -Math.Log(Unit(bits));
}
