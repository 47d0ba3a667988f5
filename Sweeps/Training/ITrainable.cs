using Sweeps.Core;

namespace Sweeps.Training;

/// <summary>Trains the configurations of a sweep: networks on a data set, or a stand-in such as recorded curves or a closed-form function.</summary>
public interface ITrainable
{
    /// <summary>
    /// Builds the model of a run at epoch 0. Called on the thread of a slot. Throws <see cref="ConfigurationException"/> when the
    /// configuration cannot be trained; the run then fails without a retry.
    /// </summary>
    ITrainingSession Start(Configuration configuration, ulong seed);

    /// <summary>The same for an assignment, whose epochs and place a program needs to know. Default: <see cref="Start(Configuration, ulong)"/>.</summary>
    ITrainingSession Start(RunStart start) => Start(start.Configuration, start.Seed);
}

/// <summary>What a session is started for.</summary>
/// <param name="Configuration">The hyperparameters.</param>
/// <param name="Seed">The training seed.</param>
public record RunStart(Configuration Configuration, ulong Seed)
{
    /// <summary>The sweep's id.</summary>
    public string Sweep { get; init; } = "";

    /// <summary>The run's number.</summary>
    public int Run { get; init; }

    /// <summary>How many times the run was assigned.</summary>
    public int Generation { get; init; }

    /// <summary>The metric that the sweep optimises.</summary>
    public string Objective { get; init; } = "";

    /// <summary>The epochs at which the run waits for a verdict, ascending; the last one ends the assignment.</summary>
    public IReadOnlyList<int> WaitAt { get; init; } = [];

    /// <summary>The ids of the GPUs that belong to the slot.</summary>
    public IReadOnlyList<string> Devices { get; init; } = [];

    /// <summary>The seed of the validation part when a run is confirmed, and then <see cref="Seed"/> counts also where the configuration has one; else null.</summary>
    public ulong? Split { get; init; }
}

/// <summary>The training of one run in memory. Used by one thread at a time, except for <see cref="Progress"/>.</summary>
public interface ITrainingSession : IDisposable
{
    /// <summary>The last finished epoch; 0 before the first.</summary>
    int Epoch { get; }

    /// <summary>
    /// Trains one epoch. When cancelled, throws <see cref="OperationCanceledException"/> within one batch and leaves a state that
    /// <see cref="Save"/> can write; a session that loads it continues with bit-identical results. A session whose training ended by itself
    /// after an epoch that was not reported as the last one returns that epoch again, with <see cref="EpochReport.Last"/>. A session that
    /// begins again returns epochs up to <see cref="Epoch"/> a second time.
    /// </summary>
    EpochReport TrainEpoch(CancellationToken cancel);

    /// <summary>What is to be recorded about the run since the last call: topics of <see cref="NoteTopic"/> with a text. Default: nothing.</summary>
    IReadOnlyList<(string Topic, string Text)> DequeueNotes() => [];

    /// <summary>Says how the assignment ends, before <see cref="IDisposable.Dispose"/>. Default: nothing.</summary>
    void End(Verdict verdict) { }

    /// <summary>The progress within the current epoch. Callable from any thread. Default: none, for trainables without batches.</summary>
    TrainingProgress Progress => default;

    /// <summary>
    /// Called before <see cref="Save"/>. Returns whether there is a state to save: a program may keep none, and then begins again from epoch 1.
    /// Default: true.
    /// </summary>
    bool Prepare() => true;

    /// <summary>Writes the complete training state.</summary>
    void Save(Stream destination);

    /// <summary>Replaces the state by a saved one. Throws <see cref="InvalidDataException"/> when it does not belong to this model.</summary>
    void Load(Stream source);

    /// <summary>Writes the weights without the state that only training needs. Writes nothing when the trainable has no weights.</summary>
    void SaveWeights(Stream destination);

    /// <summary>
    /// Loads the output of <see cref="SaveWeights"/> for an evaluation; training cannot continue from it. Throws
    /// <see cref="InvalidDataException"/> when it does not belong to this model.
    /// </summary>
    void LoadWeights(ReadOnlyMemory<byte> weights);

    /// <summary>Metrics on the test part; empty without a test part.</summary>
    IReadOnlyDictionary<string, double> EvaluateTest();
}

/// <summary>Progress within an epoch.</summary>
/// <param name="Batch">The number of finished batches.</param>
/// <param name="Batches">The number of batches of an epoch; 0 for a trainable without batches.</param>
/// <param name="SamplesPerSecond">Training examples per second in this epoch.</param>
public readonly record struct TrainingProgress(int Batch, int Batches, double SamplesPerSecond);

/// <summary>The result of an epoch.</summary>
/// <param name="Epoch">The number of the epoch, from 1.</param>
/// <param name="Metrics">Depend on configuration and seed only: no wall times.</param>
/// <param name="Seconds">Wall time.</param>
/// <param name="Divergence">The reason why training diverged, or null.</param>
/// <param name="Last">Whether training ended by itself (early stopping).</param>
/// <param name="Samples">The number of training examples seen, for the throughput metric.</param>
public sealed record EpochReport(
    int Epoch, IReadOnlyDictionary<string, double> Metrics, double Seconds, string? Divergence = null, bool Last = false,
    int Samples = 0);

/// <summary>Thrown for a configuration that cannot be trained: an unknown name, a width of 0.</summary>
public sealed class ConfigurationException(string message, Exception? inner = null) : Exception(message, inner);
