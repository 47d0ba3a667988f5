using Engine;
using Engine.Data;
using Engine.Training;
using Sweeps.Core;

namespace Sweeps.Training.Networks;

/// <summary>Trains neural networks on one data set, which all runs share.</summary>
/// <param name="dataset">The data.</param>
/// <param name="spec">The sweep: its seed decides which examples are held out, the same ones for all runs.</param>
/// <param name="time">Measures the epochs.</param>
public sealed class NetworkTrainable(Dataset dataset, SweepSpec spec, TimeProvider time) : ITrainable
{
    /// <inheritdoc/>
    ITrainingSession ITrainable.Start(Configuration configuration, ulong seed) => Start(configuration, seed);

    /// <summary>The network of a configuration at epoch 0. Throws <see cref="ConfigurationException"/> when it cannot be trained.</summary>
    public NetworkSession Start(Configuration configuration, ulong seed)
    {
        var format = spec.Trainable is TrainableSpec.Network network ? network.Format : TrainableSpec.Network.NewestFormat;
        var (options, own, stopStuck) = NetworkVocabulary.Read(configuration, spec.EpochsOf(configuration), spec.Seed, format);
        try
        {
            // Where a ladder compares runs, one that is stuck would be stopped at the next rung anyway.
            return new NetworkSession(
                new Trainer(dataset, options, own ?? seed, time), spec.Objective.Name == "val_cross_entropy",
                stopStuck ?? (format > 1 && spec.Rules.Any(rule => rule.Plan(1) is not null)));
        }
        catch (EngineException refused)
        {
            throw new ConfigurationException(refused.Message, refused);
        }
    }
}
