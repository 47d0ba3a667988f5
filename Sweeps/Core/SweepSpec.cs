using Sweeps.Core.Rules;
using Sweeps.Core.Space;

namespace Sweeps.Core;

/// <summary>What a sweep file says, checked and with every default filled in. Immutable; equal texts give equal behaviour.</summary>
public sealed record SweepSpec
{
    /// <summary>The epochs of a run when nothing in the file says otherwise.</summary>
    public const int DefaultEpochs = 10;

    /// <summary>The most epochs a run may have.</summary>
    public const int LargestEpochs = 1_000_000;

    /// <summary>A label for people; the file's name without extension when it gives none.</summary>
    public required string Name { get; init; }

    /// <summary>A sentence for people, may be empty.</summary>
    public string Description { get; init; } = "";

    /// <summary>How configurations are proposed.</summary>
    public required SearchMethod Method { get; init; }

    /// <summary>A grid in a seeded random order; false for every other method.</summary>
    public bool Shuffle { get; init; }

    /// <summary>What makes a run good.</summary>
    public required Objective Objective { get; init; }

    /// <summary>The parameters.</summary>
    public required SearchSpace Space { get; init; }

    /// <summary>The rules that end runs early; empty for none. At most one of them has rungs.</summary>
    public IReadOnlyList<RuleSpec> Rules { get; init; } = [];

    /// <summary>The most runs the search creates, or null for no limit.</summary>
    public int? RunCap { get; init; }

    /// <summary>The most the whole sweep may cost.</summary>
    public Budget Budget { get; init; } = new();

    /// <summary>The seed of all draws, 0 … 2⁶³ − 1.</summary>
    public ulong Seed { get; init; }

    /// <summary>Configurations that are run before the search's own, in file order.</summary>
    public IReadOnlyList<Configuration> Enqueue { get; init; } = [];

    /// <summary>What every configuration of the search fulfils.</summary>
    public IReadOnlyList<Constraint> Constraints { get; init; } = [];

    /// <summary>The epochs of a run whose configuration does not name a number of its own.</summary>
    public int Epochs { get; init; } = DefaultEpochs;

    /// <summary>The parameter that gives a run its own number of epochs, or null.</summary>
    public string? EpochsParameter { get; init; }

    /// <summary>The most epochs any configuration may train.</summary>
    public required int MaxEpochs { get; init; }

    /// <summary>What is trained.</summary>
    public required TrainableSpec Trainable { get; init; }

    /// <summary>How often a run writes a checkpoint beside those at rungs and on drain.</summary>
    public CheckpointPolicy Checkpoint { get; init; } = new();

    /// <summary>This sweep's claim on the slots of a cluster.</summary>
    public SlotShare Slots { get; init; } = new();

    /// <summary>The epoch at which the rules end every run; <see cref="int.MaxValue"/> where they do not.</summary>
    public int LastEpoch => Rules.Min(rule => rule.LastEpoch) ?? int.MaxValue;

    /// <summary>The epochs a run of this configuration may train, at least 1, before any rule ends it.</summary>
    public int EpochsOf(Configuration configuration) =>
        EpochsParameter is not null && configuration[EpochsParameter]?.AsDouble() is { } epochs ? (int)epochs : Epochs;
}

/// <summary>How configurations are proposed. Written numbers: they are in logs.</summary>
public enum SearchMethod
{
    /// <summary>Every point once, in order or shuffled.</summary>
    Grid = 0,

    /// <summary>Independent draws.</summary>
    Random = 1,

    /// <summary>A scrambled Sobol sequence.</summary>
    Sobol = 2,

    /// <summary>A scrambled Halton sequence.</summary>
    Halton = 3,

    /// <summary>Tree-structured Parzen estimator.</summary>
    Tpe = 4,

    /// <summary>Gaussian process with expected improvement.</summary>
    Bayes = 5,
}

/// <summary>The most a sweep may cost: it ends when a limit is reached, and what runs is stopped.</summary>
/// <param name="Epochs">Epochs of all runs together, or null.</param>
/// <param name="WallTime">Time during which runs were assigned, or null.</param>
public sealed record Budget(long? Epochs = null, TimeSpan? WallTime = null);

/// <summary>How often a run writes a checkpoint beside those at rungs and on drain. Both null: never.</summary>
/// <param name="Epochs">After every so many epochs, or null.</param>
/// <param name="Time">At the end of the first epoch after so much time, or null.</param>
public sealed record CheckpointPolicy(int? Epochs, TimeSpan? Time)
{
    /// <summary>Ten seconds: what a crash may cost at most, beside the epoch that was running.</summary>
    public CheckpointPolicy() : this(null, TimeSpan.FromSeconds(10)) { }
}

/// <summary>A sweep's claim on the slots of a cluster.</summary>
/// <param name="Priority">A sweep of higher priority gets every free slot first.</param>
/// <param name="Weight">Among equal priorities slots are shared in proportion to it; above 0.</param>
/// <param name="MaxSlots">The most slots at a time, or null.</param>
public sealed record SlotShare(int Priority = 0, double Weight = 1, int? MaxSlots = null);
