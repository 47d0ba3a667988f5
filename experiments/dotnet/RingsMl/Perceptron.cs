using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using Microsoft.ML.Transforms;
using Sweeps.Core;
using Sweeps.Training;

namespace RingsMl;

/// <summary>
/// A worked example of <see cref="ITrainable"/> with ML.NET: an averaged perceptron over random Fourier features tells the inner of two noisy rings
/// from the outer one. Each epoch is one pass over the data that continues from the model of the last one, which is the whole training state.
/// </summary>
public sealed class Perceptron : ITrainable
{
    /// <summary>Reads the hyperparameters <c>rank</c>, <c>gamma</c> and <c>learning_rate</c>, and builds the model at epoch 0.</summary>
    public ITrainingSession Start(Configuration configuration, ulong seed)
    {
        var rank = (int)Number(configuration, "rank", 16);
        return rank < 1
            ? throw new ConfigurationException($"'rank' is {rank}, expected at least 1.")
            : new Session(rank, Number(configuration, "gamma", 1), Number(configuration, "learning_rate", 1), (int)(seed & int.MaxValue));
    }

    private static double Number(Configuration configuration, string name, double otherwise) => configuration[name] switch
    {
        null => otherwise,
        var value => value.AsDouble() ?? throw new ConfigurationException($"'{name}' is {value}, expected a number."),
    };

    private sealed record Point([property: VectorType(2)] float[] Position, bool Label);

    private sealed class Session : ITrainingSession
    {
        private const int Examples = 400;

        private readonly IDataView train, validation, test;
        private readonly double rate;
        private readonly int seed;
        private ITransformer? model;

        public Session(int rank, double gamma, double rate, int seed)
        {
            (this.rate, this.seed) = (rate, seed);
            var context = new MLContext(seed);
            var features = context.Transforms.ApproximatedKernelMap("Features", nameof(Point.Position), rank, generator: new GaussianKernel((float)gamma), seed: seed)
                .Fit(Rings(context, 1));
            // The data are the same for all runs; the features and the order of the examples depend on the run's seed.
            (train, validation, test) = (Features(1), Features(2), Features(3));

            IDataView Features(int part) => context.Data.Cache(features.Transform(Rings(context, part)));
        }

        public int Epoch { get; private set; }

        public EpochReport TrainEpoch(CancellationToken cancel)
        {
            // An epoch is short: it is not cut.
            cancel.ThrowIfCancellationRequested();
            var started = TimeProvider.System.GetTimestamp();
            var trainer = new MLContext(seed + Epoch + 1).BinaryClassification.Trainers.AveragedPerceptron(
                new AveragedPerceptronTrainer.Options { NumberOfIterations = 1, LearningRate = (float)rate, Shuffle = true });
            model = model is ISingleFeaturePredictionTransformer<object> { Model: LinearModelParameters before } ? trainer.Fit(train, before) : trainer.Fit(train);
            Epoch++;
            return new EpochReport(
                Epoch, new Dictionary<string, double> { ["train_error"] = Error(train), ["val_error"] = Error(validation) },
                TimeProvider.System.GetElapsedTime(started).TotalSeconds, Samples: Examples);
        }

        public void Save(Stream destination)
        {
            destination.Write(BitConverter.GetBytes(Epoch));
            SaveWeights(destination);
        }

        public void Load(Stream source)
        {
            var epoch = new byte[sizeof(int)];
            try
            {
                source.ReadExactly(epoch);
                LoadModel(source);
            }
            catch (Exception e) when (e is EndOfStreamException or FormatException or ArgumentException)
            {
                throw new InvalidDataException($"The checkpoint is no model of ML.NET: {e.Message}", e);
            }
            Epoch = BitConverter.ToInt32(epoch);
        }

        public void SaveWeights(Stream destination) => new MLContext().Model.Save(model, train.Schema, destination);

        public void LoadWeights(ReadOnlyMemory<byte> weights)
        {
            using var source = new MemoryStream(weights.ToArray(), writable: false);
            LoadModel(source);
        }

        public IReadOnlyDictionary<string, double> EvaluateTest() => new Dictionary<string, double> { ["test_error"] = Error(test) };

        public void Dispose() { }

        private void LoadModel(Stream source)
        {
            // ML.NET reads an archive, whose directory is at its end.
            using var whole = new MemoryStream();
            source.CopyTo(whole);
            whole.Position = 0;
            model = new MLContext().Model.Load(whole, out _);
        }

        private double Error(IDataView data) => 1 - new MLContext().BinaryClassification.EvaluateNonCalibrated(model!.Transform(data)).Accuracy;

        private static IDataView Rings(MLContext context, int part)
        {
            var random = new Random(part);
            return context.Data.LoadFromEnumerable(Enumerable.Range(0, Examples).Select(i =>
            {
                var (angle, radius) = (random.NextDouble() * Math.Tau, 1 + (i % 2) + (0.3 * Normal(random)));
                return new Point([(float)(radius * Math.Cos(angle)), (float)(radius * Math.Sin(angle))], i % 2 == 1);
            }).ToList());
        }

        private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(Math.Tau * random.NextDouble());
    }
}
