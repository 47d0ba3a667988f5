using Sweeps.Core;

namespace Sweeps.Training;

/// <summary>What a sweep trains: a network on a data set, a table of learning curves, a closed-form function.</summary>
public interface ITrainable
{
    /// <summary>
    /// Builds the run's model at epoch 0. Called on a slot's thread. Throws <see cref="ConfigurationException"/> when the configuration
    /// cannot be trained (the run fails for good).
    /// </summary>
    ITrainingSession Start(Configuration configuration, ulong seed);
}

/// <summary>One run's training in memory. Used by one thread at a time.</summary>
public interface ITrainingSession : IDisposable
{
    /// <summary>The last finished epoch, from 1; 0 before the first.</summary>
    int Epoch { get; }

    /// <summary>
    /// Trains one epoch. When cancelled it throws <see cref="OperationCanceledException"/> within one batch and leaves a state that
    /// <see cref="Save"/> can write and <see cref="Load"/> can go on from, bit for bit.
    /// </summary>
    EpochReport TrainEpoch(CancellationToken cancel);

    /// <summary>How far the epoch under way is. From any thread. Default: nothing is known, as for what has no batches.</summary>
    TrainingProgress Progress => default;

    /// <summary>Writes the whole training state.</summary>
    void Save(Stream destination);

    /// <summary>Replaces the state. Throws <see cref="InvalidDataException"/> when the data are not of this model.</summary>
    void Load(Stream source);

    /// <summary>Writes what predictions need: weights, but nothing that only training needs. Writes nothing when there is no such thing.</summary>
    void SaveWeights(Stream destination);

    /// <summary>
    /// Takes what <see cref="SaveWeights"/> wrote, to evaluate it; training cannot go on from there. Throws <see cref="InvalidDataException"/> when
    /// the data are not of this model.
    /// </summary>
    void LoadWeights(ReadOnlyMemory<byte> weights);

    /// <summary>Metrics on the test part, or an empty map when there is none.</summary>
    IReadOnlyDictionary<string, double> EvaluateTest();
}

/// <summary>How far an epoch is.</summary>
/// <param name="Batch">Finished batches.</param>
/// <param name="Batches">Batches of an epoch; 0 when there are none.</param>
/// <param name="SamplesPerSecond">Training examples per second in this epoch.</param>
public readonly record struct TrainingProgress(int Batch, int Batches, double SamplesPerSecond);

/// <summary>What an epoch gave.</summary>
/// <param name="Epoch">From 1.</param>
/// <param name="Metrics">Deterministic for configuration and seed: no wall times.</param>
/// <param name="Seconds">Wall time.</param>
/// <param name="Divergence">Why training cannot go on, or null.</param>
/// <param name="Last">Training has ended by itself (early stopping).</param>
/// <param name="Samples">Training examples seen, for the samples per second of dashboards.</param>
public sealed record EpochReport(
    int Epoch, IReadOnlyDictionary<string, double> Metrics, double Seconds, string? Divergence = null, bool Last = false,
    int Samples = 0);

/// <summary>A configuration that cannot be trained: an unknown name, a width of 0 …</summary>
public sealed class ConfigurationException(string message, Exception? inner = null) : Exception(message, inner);
