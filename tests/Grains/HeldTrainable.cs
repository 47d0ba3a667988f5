using Sweeps.Core;
using Sweeps.Training;

namespace Grains.Tests;

/// <summary>A trainable whose epochs last until they are released or cancelled.</summary>
internal sealed class HeldTrainable : ITrainable, IDisposable
{
    private readonly ManualResetEventSlim released = new();
    private int started, cancelled;

    /// <summary>The number of epochs that started.</summary>
    public int Started => Volatile.Read(ref started);

    /// <summary>The number of epochs that were cancelled.</summary>
    public int Cancelled => Volatile.Read(ref cancelled);

    /// <summary>Lets every epoch end.</summary>
    public void Release() => released.Set();

    public void Dispose() => released.Dispose();

    public ITrainingSession Start(Configuration configuration, ulong seed) => new Session(this);

    private sealed class Session(HeldTrainable owner) : ITrainingSession
    {
        public int Epoch { get; private set; }

        public TrainingProgress Progress => new(7, 12, 345);

        public EpochReport TrainEpoch(CancellationToken cancel)
        {
            Interlocked.Increment(ref owner.started);
            try
            {
                owner.released.Wait(cancel);
            }
            catch (OperationCanceledException)
            {
                Interlocked.Increment(ref owner.cancelled);
                throw;
            }
            return new EpochReport(++Epoch, new Dictionary<string, double> { ["value"] = Epoch }, 0.001);
        }

        public void Save(Stream destination) => destination.WriteByte((byte)Epoch);

        public void Load(Stream source) => Epoch = source.ReadByte();

        public void SaveWeights(Stream destination) { }

        public void LoadWeights(ReadOnlyMemory<byte> weights) { }

        public IReadOnlyDictionary<string, double> EvaluateTest() => new Dictionary<string, double>();

        public void Dispose() { }
    }
}
