using Sweeps.Core;
using Sweeps.Core.Space;

namespace Sweeps.Training.Functions;

/// <summary>
/// A multi-fidelity problem that can be written down (docs/search.md, 8): its search space, optimum, value, cost and noise.
/// </summary>
/// <param name="name">The name in a sweep file: <c>hartmann6</c>.</param>
/// <param name="space">Where it is searched.</param>
/// <param name="goal">Which direction is better.</param>
/// <param name="optimum">The best noiseless value at full fidelity.</param>
public abstract class ClosedForm(string name, SearchSpace space, Goal goal, double optimum)
{
    /// <summary>The name in a sweep file.</summary>
    public string Name => name;

    /// <summary>Where it is searched. A sweep file may narrow it.</summary>
    public SearchSpace Space => space;

    /// <summary>Which direction is better.</summary>
    public Goal Goal => goal;

    /// <summary>The best noiseless value at full fidelity.</summary>
    public double Optimum => optimum;

    /// <summary>
    /// The value of a configuration at a level. Only functions that are random by themselves read <paramref name="seed"/>; the same
    /// arguments give the same value. Throws <see cref="ArgumentException"/> when a parameter is missing or not of its kind.
    /// </summary>
    public abstract double Value(Configuration configuration, Level level, ulong seed);

    /// <summary>The cost of an evaluation at fidelity z from nothing; 1 at z = 1.</summary>
    public virtual double Cost(double z) => z;

    /// <summary>How far the best value is away, at least 0: simple regret.</summary>
    public double Regret(double value) => goal == Goal.Maximize ? optimum - value : value - optimum;

    /// <summary>
    /// The value at an epoch, with normal noise of standard deviation <paramref name="noise"/>, and the cost of that epoch alone. The noise
    /// depends on seed and epoch only, so that a run that is resumed sees what it would have seen.
    /// </summary>
    public Evaluation Evaluate(Configuration configuration, Level level, ulong seed, double noise = 0)
    {
        var value = Value(configuration, level, seed);
        if (noise > 0)
            value += noise * Draws.Normal(SplitMix64.Draw(seed, (ulong)level.Epoch, "$noise"));
        var before = level.Epoch > 1 ? Cost(level.Previous.Z) : 0;
        return new Evaluation(value, Math.Max(0, Cost(level.Z) - before));
    }
}

/// <summary>The value of an epoch and what the epoch cost, in units of a full evaluation.</summary>
public readonly record struct Evaluation(double Value, double Cost);

/// <summary>How far a run has come: epoch e of R, from 1, and how that becomes a fidelity z in [0, 1].</summary>
public readonly record struct Level(int Epoch, int Epochs, Fidelity Fidelity)
{
    /// <summary>Full fidelity.</summary>
    public static Level Full { get; } = new(1, 1, Fidelity.Linear);

    /// <summary>z = e / R, or ln e / ln R; 1 when R is 1.</summary>
    public double Z => Epoch >= Epochs ? 1 : Fidelity == Fidelity.Linear ? (double)Epoch / Epochs : Math.Log(Epoch) / Math.Log(Epochs);

    /// <summary>The epoch before.</summary>
    public Level Previous => this with { Epoch = Epoch - 1 };
}

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

/// <summary>Numbers of several distributions from 64 random bits.</summary>
internal static class Draws
{
    /// <summary>Uniform in (0, 1).</summary>
    public static double Unit(ulong bits) => ((bits >> 11) + 0.5) * (1.0 / (1UL << 53));

    /// <summary>Standard normal.</summary>
    public static double Normal(ulong bits) => MathNet.Numerics.Distributions.Normal.InvCDF(0, 1, Unit(bits));

    /// <summary>Exponential with mean 1.</summary>
    public static double Exponential(ulong bits) => -Math.Log(Unit(bits));
}
