using Sweeps.Core;
using Sweeps.Training;

namespace Rings;

/// <summary>
/// A worked example of <see cref="ITrainable"/>: a network with one hidden layer tells the inner of two noisy rings from the outer one. Plain
/// code. A trainable of a library such as TorchSharp has the same contract.
/// </summary>
public sealed class Classifier : ITrainable
{
    /// <summary>Reads the hyperparameters and builds the model at epoch 0.</summary>
    public ITrainingSession Start(Configuration configuration, ulong seed)
    {
        var hidden = (int)Number(configuration, "hidden", 8);
        if (hidden < 1)
            throw new ConfigurationException($"'hidden' is {hidden}, expected at least 1.");
        return new Session(hidden, Number(configuration, "learning_rate", 0.1), Number(configuration, "momentum", 0.9), seed);
    }

    private static double Number(Configuration configuration, string name, double otherwise) => configuration[name] switch
    {
        null => otherwise,
        var value => value.AsDouble() ?? throw new ConfigurationException($"'{name}' is {value}, expected a number."),
    };

    private sealed class Session : ITrainingSession
    {
        private const int Examples = 400, Batch = 20;

        private readonly double rate, momentum;
        private readonly int hidden;
        private readonly (double X, double Y, double Outer)[] train, validation;
        // The weights are one array: per hidden unit two inputs, a bias and its output, and the output's bias last.
        private readonly double[] weights, velocity;
        private ulong random;

        public Session(int hidden, double rate, double momentum, ulong seed)
        {
            (this.hidden, this.rate, this.momentum) = (hidden, rate, momentum);
            // The data are the same for all runs; the weights and the order of the examples depend on the run's seed.
            random = 1;
            (train, validation) = (Rings(), Rings());
            random = seed;
            weights = [.. Enumerable.Range(0, (4 * hidden) + 1).Select(_ => Normal())];
            velocity = new double[weights.Length];
        }

        public int Epoch { get; private set; }

        public EpochReport TrainEpoch(CancellationToken cancel)
        {
            var started = TimeProvider.System.GetTimestamp();
            var before = (weights: weights.ToArray(), velocity: velocity.ToArray(), random);
            var order = Enumerable.Range(0, train.Length).ToArray();
            for (var i = order.Length - 1; i > 0; i--)
            {
                var other = Next(i + 1);
                (order[i], order[other]) = (order[other], order[i]);
            }
            foreach (var batch in order.Chunk(Batch))
            {
                if (cancel.IsCancellationRequested)
                {
                    // A cancelled epoch leaves the state after the last whole one, so that Save can write it.
                    before.weights.CopyTo(weights, 0);
                    before.velocity.CopyTo(velocity, 0);
                    random = before.random;
                    cancel.ThrowIfCancellationRequested();
                }
                Step(batch);
            }
            Epoch++;
            var (loss, accuracy) = Evaluate(validation);
            return new EpochReport(
                Epoch, new Dictionary<string, double> { ["train_loss"] = Evaluate(train).Loss, ["val_loss"] = loss, ["val_accuracy"] = accuracy },
                TimeProvider.System.GetElapsedTime(started).TotalSeconds, double.IsFinite(loss) ? null : "the validation loss is not finite", Samples: train.Length);
        }

        public void Save(Stream destination)
        {
            using var writer = new BinaryWriter(destination, System.Text.Encoding.UTF8, leaveOpen: true);
            writer.Write(Epoch);
            writer.Write(random);
            foreach (var value in weights.Concat(velocity))
                writer.Write(value);
        }

        public void Load(Stream source)
        {
            using var reader = new BinaryReader(source, System.Text.Encoding.UTF8, leaveOpen: true);
            try
            {
                (Epoch, random) = (reader.ReadInt32(), reader.ReadUInt64());
                for (var i = 0; i < weights.Length; i++)
                    weights[i] = reader.ReadDouble();
                for (var i = 0; i < velocity.Length; i++)
                    velocity[i] = reader.ReadDouble();
            }
            catch (EndOfStreamException end)
            {
                throw new InvalidDataException($"The checkpoint is too short for {hidden} hidden units.", end);
            }
        }

        public void SaveWeights(Stream destination) => destination.Write(System.Runtime.InteropServices.MemoryMarshal.AsBytes<double>(weights));

        public void LoadWeights(ReadOnlyMemory<byte> saved)
        {
            if (saved.Length != weights.Length * sizeof(double))
                throw new InvalidDataException($"The weights have {saved.Length} bytes, expected {weights.Length * sizeof(double)}.");
            System.Runtime.InteropServices.MemoryMarshal.Cast<byte, double>(saved.Span).CopyTo(weights);
        }

        public IReadOnlyDictionary<string, double> EvaluateTest()
        {
            random = 2;
            var (loss, accuracy) = Evaluate(Rings());
            return new Dictionary<string, double> { ["test_loss"] = loss, ["test_accuracy"] = accuracy };
        }

        public void Dispose() { }

        private void Step(int[] batch)
        {
            var gradient = new double[weights.Length];
            foreach (var example in batch)
            {
                var (x, y, outer) = train[example];
                var error = Output(x, y) - outer;
                for (var unit = 0; unit < 4 * hidden; unit += 4)
                {
                    var active = Active(unit, x, y);
                    var below = error * weights[unit + 3] * (1 - (active * active));
                    gradient[unit] += below * x;
                    gradient[unit + 1] += below * y;
                    gradient[unit + 2] += below;
                    gradient[unit + 3] += error * active;
                }
                gradient[^1] += error;
            }
            for (var i = 0; i < weights.Length; i++)
            {
                velocity[i] = (momentum * velocity[i]) - (rate * gradient[i] / batch.Length);
                weights[i] += velocity[i];
            }
        }

        private double Active(int unit, double x, double y) => Math.Tanh((weights[unit] * x) + (weights[unit + 1] * y) + weights[unit + 2]);

        private double Output(double x, double y)
        {
            var sum = weights[^1];
            for (var unit = 0; unit < 4 * hidden; unit += 4)
                sum += weights[unit + 3] * Active(unit, x, y);
            return 1 / (1 + Math.Exp(-sum));
        }

        private (double Loss, double Accuracy) Evaluate((double X, double Y, double Outer)[] examples) =>
            (examples.Average(one => -Math.Log(Math.Max(1e-12, one.Outer > 0 ? Output(one.X, one.Y) : 1 - Output(one.X, one.Y)))),
             examples.Average(one => (Output(one.X, one.Y) > 0.5) == (one.Outer > 0) ? 1.0 : 0.0));

        private (double, double, double)[] Rings() => [.. Enumerable.Range(0, Examples).Select(i =>
        {
            var (angle, radius) = (Uniform() * Math.Tau, 1 + (i % 2) + (0.3 * Normal()));
            return (radius * Math.Cos(angle), radius * Math.Sin(angle), (double)(i % 2));
        })];

        // A generator whose state is one number, so that a checkpoint holds all of it (SplitMix64; Steele, Lea and Flood, 2014).
        private ulong Bits()
        {
            var z = random += 0x9E3779B97F4A7C15;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }

        private double Uniform() => (Bits() >> 11) * (1.0 / (1UL << 53));

        private int Next(int below) => (int)(Uniform() * below);

        private double Normal() => Math.Sqrt(-2 * Math.Log(1 - Uniform())) * Math.Cos(Math.Tau * Uniform());
    }
}
