using Sweeps.Core;
using Sweeps.Training;

namespace SweepTrainable;

/// <summary>Fits a line to noisy points by gradient descent. Replace the model by yours.</summary>
public sealed class Trainable : ITrainable
{
    public ITrainingSession Start(Configuration configuration, ulong seed) =>
        new Session(configuration["learning_rate"]?.AsDouble() ?? throw new ConfigurationException("'learning_rate' is missing, expected a number."), seed);

    private sealed class Session(double rate, ulong seed) : ITrainingSession
    {
        private static readonly (double X, double Y)[] Points = [.. Enumerable.Range(0, 20).Select(i => (i / 10.0, (3 * i / 10.0) - 1 + (i % 2 == 0 ? 0.1 : -0.1)))];

        private double slope = seed % 7 / 10.0, intercept;

        public int Epoch { get; private set; }

        public EpochReport TrainEpoch(CancellationToken cancel)
        {
            cancel.ThrowIfCancellationRequested();
            var started = TimeProvider.System.GetTimestamp();
            foreach (var (x, y) in Points)
            {
                var error = (slope * x) + intercept - y;
                slope -= rate * error * x;
                intercept -= rate * error;
            }
            Epoch++;
            var loss = Points.Average(point => Math.Pow((slope * point.X) + intercept - point.Y, 2));
            return new EpochReport(
                Epoch, new Dictionary<string, double> { ["loss"] = loss }, TimeProvider.System.GetElapsedTime(started).TotalSeconds,
                double.IsFinite(loss) ? null : "the loss is not finite", Samples: Points.Length);
        }

        /// <summary>Writes all that is needed to go on bit for bit: here the weights; an optimizer's state and a generator's belong to it.</summary>
        public void Save(Stream destination)
        {
            using var writer = new BinaryWriter(destination, System.Text.Encoding.UTF8, leaveOpen: true);
            writer.Write(Epoch);
            writer.Write(slope);
            writer.Write(intercept);
        }

        public void Load(Stream source)
        {
            using var reader = new BinaryReader(source, System.Text.Encoding.UTF8, leaveOpen: true);
            try
            {
                (Epoch, slope, intercept) = (reader.ReadInt32(), reader.ReadDouble(), reader.ReadDouble());
            }
            catch (EndOfStreamException end)
            {
                throw new InvalidDataException("The checkpoint is incomplete.", end);
            }
        }

        /// <summary>Writes the weights of the best epoch for `sweep export --weights`; nothing when they are not wanted.</summary>
        public void SaveWeights(Stream destination) => Save(destination);

        public void LoadWeights(ReadOnlyMemory<byte> weights) => Load(new MemoryStream(weights.ToArray()));

        /// <summary>Metrics of the weights of the best epoch on data that no run has seen; empty without such data.</summary>
        public IReadOnlyDictionary<string, double> EvaluateTest() => new Dictionary<string, double>();

        public void Dispose() { }
    }
}
