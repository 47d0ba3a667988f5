using Sweeps.Core.Rules;
using Sweeps.Core.Search;
using Sweeps.Core.Space;

namespace Sweeps.Core;

/// <summary>A validated sweep file with all defaults filled in. Immutable.</summary>
public sealed record SweepSpec
{
    /// <summary>The epochs of a run if the file does not give them.</summary>
    public const int DefaultEpochs = 10;

    /// <summary>The largest allowed number of epochs of a run.</summary>
    public const int EpochLimit = 1_000_000;

    /// <summary>A label for display; by default the file's name without extension.</summary>
    public required string Name { get; init; }

    /// <summary>A description for display, may be empty.</summary>
    public string Description { get; init; } = "";

    /// <summary>The method that proposes configurations.</summary>
    public required SearchMethod Method { get; init; }

    /// <summary>Whether a grid is visited in a seeded random order.</summary>
    public bool Shuffle { get; init; }

    public required Objective Objective { get; init; }

    public required SearchSpace Space { get; init; }

    /// <summary>The rules that end runs early; empty for none. At most one of them has rungs.</summary>
    public IReadOnlyList<RuleSpec> Rules { get; init; } = [];

    /// <summary>The largest number of runs that the search creates, or null for no limit.</summary>
    public int? RunCap { get; init; }

    /// <summary>The limits of the whole sweep.</summary>
    public Budget Budget { get; init; } = new();

    /// <summary>The seed of all draws, 0 … 2⁶³ − 1.</summary>
    public ulong Seed { get; init; }

    /// <summary>Configurations that are run before the search's own, in file order.</summary>
    public IReadOnlyList<Configuration> Enqueue { get; init; } = [];

    /// <summary>The constraints that every proposed configuration satisfies.</summary>
    public IReadOnlyList<Constraint> Constraints { get; init; } = [];

    /// <summary>The epochs of a run without a value of <see cref="EpochsParameter"/>.</summary>
    public int Epochs { get; init; } = DefaultEpochs;

    /// <summary>The parameter whose value is the run's number of epochs, or null.</summary>
    public string? EpochsParameter { get; init; }

    /// <summary>
    /// The parameter whose value is the number of an earlier run (warm start): a run waits until that run has finished and starts from its
    /// best weights. Null for none.
    /// </summary>
    public string? SourceParameter { get; init; }

    /// <summary>The largest number of epochs of any configuration.</summary>
    public required int MaxEpochs { get; init; }

    /// <summary>Whether the number of epochs is unknown in advance: a run ends when its program ends.</summary>
    public bool OpenEnded { get; init; }

    /// <summary>The trainable and its settings.</summary>
    public required TrainableSpec Trainable { get; init; }

    /// <summary>The interval of checkpoints in addition to those at rungs and on drain.</summary>
    public CheckpointPolicy Checkpoint { get; init; } = new();

    /// <summary>The confirmation of the best runs after the search, or null.</summary>
    public ConfirmSpec? Confirm { get; init; }

    /// <summary>The hook for new best values, or null.</summary>
    public Hook? OnBest { get; init; }

    /// <summary>The hook for the end of the sweep, or null.</summary>
    public Hook? OnEnd { get; init; }

    /// <summary>The sweep's share of a cluster's slots.</summary>
    public SlotShare Slots { get; init; } = new();

    /// <summary>The smallest epoch at which a rule ends every run; <see cref="int.MaxValue"/> without such a rule.</summary>
    public int LastEpoch => Rules.Min(rule => rule.LastEpoch) ?? int.MaxValue;

    /// <summary>The epochs of a run of this configuration without rules, at least 1.</summary>
    public int EpochsOf(Configuration configuration) =>
        EpochsParameter is not null && configuration[EpochsParameter]?.AsDouble() is { } epochs ? (int)epochs : Epochs;

    /// <summary>The run that a run of this configuration starts from, or null.</summary>
    public int? SourceOf(Configuration configuration) =>
        SourceParameter is not null && configuration[SourceParameter]?.AsDouble() is >= 0 and <= int.MaxValue and var run ? (int)run : null;
}

/// <summary>The limits of a sweep. At a limit the sweep ends and running runs are stopped.</summary>
/// <param name="Epochs">Epochs of all runs together, or null.</param>
/// <param name="WallTime">Time during which runs were assigned, or null.</param>
public sealed record Budget(long? Epochs = null, TimeSpan? WallTime = null);

/// <summary>The interval of checkpoints in addition to those at rungs and on drain. Both null: no further checkpoints.</summary>
/// <param name="Epochs">The interval in epochs, or null.</param>
/// <param name="Time">The interval in time, rounded up to the end of an epoch, or null.</param>
public sealed record CheckpointPolicy(int? Epochs, TimeSpan? Time)
{
    /// <summary>The default of ten seconds: a crash loses at most this time and the current epoch.</summary>
    public CheckpointPolicy() : this(null, TimeSpan.FromSeconds(10)) { }
}

/// <summary>A confirmation: the best runs are trained again with new seeds and validation splits.</summary>
/// <param name="Top">The number of runs, at least 2.</param>
/// <param name="Seeds">The largest number of seeds per run, at least 3.</param>
public sealed record ConfirmSpec(int Top = 3, int Seeds = 5)
{
    /// <summary>The smallest number of seeds; fewer differences give no useful confidence interval.</summary>
    public const int MinSeeds = 3;
}

/// <summary>A sweep's share of a cluster's slots.</summary>
/// <param name="Priority">Sweeps of higher priority get free slots first.</param>
/// <param name="Weight">Sweeps of equal priority share slots in proportion to their weights; above 0.</param>
/// <param name="MaxSlots">The largest number of slots at a time, or null for no limit.</param>
public sealed record SlotShare(int Priority = 0, double Weight = 1, int? MaxSlots = null);

/// <summary>The settings of what a sweep trains.</summary>
public abstract record TrainableSpec
{
    /// <summary>Whether the weights of the best epoch are evaluated on a test part when the sweep has ended.</summary>
    public virtual bool HasTestPart => false;

    /// <summary>A neural network on a data set.</summary>
    /// <param name="Dataset">The name of a data set: <c>fashion-mnist</c>, <c>glyphs</c>, <c>csv:FILE</c> …</param>
    public sealed record Network(string Dataset) : TrainableSpec
    {
        /// <summary>
        /// The version of the parameters' semantics. In format 1, <c>random</c> weights have the variance 1/fan-in; in format 2 they have
        /// the standard deviation <c>init_scale</c>, and weights with variance 1/fan-in are called <c>lecun</c>. The log of a sweep
        /// contains its format (1 when absent), so that an upgrade of the program does not change a running sweep.
        /// </summary>
        public int Format { get; init; } = NewestFormat;

        /// <summary>
        /// The largest number of threads that compute a run's batches: that of its slot, and those of idle slots of the same node. Null for
        /// no limit.
        /// </summary>
        public int? Threads { get; init; }

        /// <summary>The format of a sweep file that does not give one.</summary>
        public const int NewestFormat = 2;

        /// <inheritdoc/>
        public override bool HasTestPart => true;
    }

    /// <summary>Recorded learning curves: a configuration's parameter <c>row</c> chooses one.</summary>
    /// <param name="File">A path, relative to the working folder or to a folder of data sets.</param>
    public sealed record Table(string File) : TrainableSpec;

    /// <summary>A closed-form multi-fidelity function (docs/search.md, 8).</summary>
    /// <param name="Name">The function: <c>hartmann6</c>, <c>branin</c> …</param>
    /// <param name="Noise">Standard deviation of the noise that is added, at least 0.</param>
    /// <param name="Fidelity">The mapping of epochs to fidelities.</param>
    /// <param name="Pace">The duration of an epoch outside simulations; 0 for none.</param>
    public sealed record Function(string Name, double Noise, Fidelity Fidelity, TimeSpan Pace = default) : TrainableSpec;
}

/// <summary>The mapping of epoch e of R to a fidelity z in [0, 1].</summary>
public enum Fidelity
{
    /// <summary>z = e / R.</summary>
    Linear = 0,

    /// <summary>z = ln e / ln R.</summary>
    Logarithmic = 1,
}
