using Sweeps.Core;
using Sweeps.Core.Space;

namespace Sweeps.Functions;

/// <summary>
/// A multi-fidelity problem that can be written down (search-semantics 12): its search space, optimum, value, cost and noise.
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
