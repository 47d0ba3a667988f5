using System.Text;
using Sweeps.Core;
using Sweeps.Training;

namespace Runtime.Tests.Support;

/// <summary>
/// Trains a 64-bit number. Every batch mixes it and the loss of an epoch depends on it, so that a lost, doubled or wrongly restored batch
/// changes every later metric.
/// </summary>
internal sealed class FakeTrainable : ITrainable
{
    private const int Batches = 4;

    /// <summary>Called on the slot's thread before each batch: (epoch, batch).</summary>
    public Action<int, int>? OnBatch { get; init; }

    /// <summary>The (epoch, batch) at which training waits until it is cancelled; null for none.</summary>
    public (int, int)? Holds { get; init; }

    /// <summary>Returns the epoch after which a configuration diverges; null for none.</summary>
    public Func<Configuration, int?> DivergesAfter { get; init; } = _ => null;

    /// <summary>Whether a configuration cannot be trained.</summary>
    public Func<Configuration, bool> Refuses { get; init; } = _ => false;

    public ITrainingSession Start(Configuration configuration, ulong seed) =>
        Refuses(configuration) ? throw new ConfigurationException("This rate is too small.") : new Session(this, configuration, seed);

    private sealed class Session(FakeTrainable owner, Configuration configuration, ulong seed) : ITrainingSession
    {
        private ulong state = seed;
        private int batch;

        public int Epoch { get; private set; }

        public EpochReport TrainEpoch(CancellationToken cancel)
        {
            for (; batch < Batches; batch++)
            {
                owner.OnBatch?.Invoke(Epoch + 1, batch);
                if (owner.Holds == (Epoch + 1, batch))
                    cancel.WaitHandle.WaitOne(TimeSpan.FromSeconds(30));
                cancel.ThrowIfCancellationRequested();
                state = SplitMix64.Mix(state);
            }
            (batch, Epoch) = (0, Epoch + 1);
            var noise = new SplitMix64(state).NextDouble();
            var rate = configuration["lr"]?.AsDouble() ?? 0.5;
            var loss = Math.Abs(rate - 0.3) + 1.0 / (Epoch + 1) + 0.2 * noise;
            var diverged = Epoch > owner.DivergesAfter(configuration) ? "the loss exploded" : null;
            return new EpochReport(Epoch, new Dictionary<string, double> { ["val_loss"] = loss }, 0.001, diverged);
        }

        public void Save(Stream destination)
        {
            using var writer = new BinaryWriter(destination, Encoding.UTF8, leaveOpen: true);
            writer.Write(Epoch);
            writer.Write(batch);
            writer.Write(state);
        }

        public void Load(Stream source)
        {
            using var reader = new BinaryReader(source, Encoding.UTF8, leaveOpen: true);
            (Epoch, batch, state) = (reader.ReadInt32(), reader.ReadInt32(), reader.ReadUInt64());
        }

        public void SaveWeights(Stream destination) => destination.Write(BitConverter.GetBytes(state));

        public void LoadWeights(ReadOnlyMemory<byte> weights) => state = BitConverter.ToUInt64(weights.Span);

        public IReadOnlyDictionary<string, double> EvaluateTest() =>
            new Dictionary<string, double> { ["test_loss"] = new SplitMix64(state).NextDouble() };

        public void Dispose() { }
    }
}
