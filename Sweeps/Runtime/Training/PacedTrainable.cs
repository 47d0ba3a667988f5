using Sweeps.Core;

namespace Sweeps.Training;

/// <summary>
/// Lets every epoch take its time without any work: a cluster, its dashboards and its limits can be tried out with many more slots than cores.
/// </summary>
/// <param name="inner">What is trained.</param>
/// <param name="pace">How long an epoch waits before it is computed; above 0.</param>
/// <param name="time">The clock.</param>
public sealed class PacedTrainable(ITrainable inner, TimeSpan pace, TimeProvider time) : ITrainable
{
    /// <inheritdoc/>
    public ITrainingSession Start(Configuration configuration, ulong seed) => new Session(inner.Start(configuration, seed), pace, time);

    private sealed class Session(ITrainingSession inner, TimeSpan pace, TimeProvider time) : ITrainingSession
    {
        public int Epoch => inner.Epoch;

        public EpochReport TrainEpoch(CancellationToken cancel)
        {
            Task.Delay(pace, time, cancel).GetAwaiter().GetResult();
            return inner.TrainEpoch(cancel);
        }

        public void Save(Stream destination) => inner.Save(destination);

        public void Load(Stream source) => inner.Load(source);

        public void SaveWeights(Stream destination) => inner.SaveWeights(destination);

        public void LoadWeights(ReadOnlyMemory<byte> weights) => inner.LoadWeights(weights);

        public IReadOnlyDictionary<string, double> EvaluateTest() => inner.EvaluateTest();

        public void Dispose() => inner.Dispose();
    }
}
