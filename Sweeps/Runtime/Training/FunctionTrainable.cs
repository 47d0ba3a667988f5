using Sweeps.Core;
using Sweeps.Training.Functions;

namespace Sweeps.Training;

/// <summary>
/// Trains nothing: each epoch is one evaluation of a closed-form function at a higher fidelity. Reports the metric <c>value</c>, and the
/// epoch's cost in units of a full evaluation as <c>cost</c> and as its seconds.
/// </summary>
/// <param name="function">What is evaluated.</param>
/// <param name="noise">Standard deviation of the noise that is added, at least 0.</param>
/// <param name="fidelity">How an epoch becomes a fidelity.</param>
/// <param name="epochs">R: the epochs of a configuration, at least 1.</param>
public sealed class FunctionTrainable(ClosedForm function, double noise, Fidelity fidelity, Func<Configuration, int> epochs) : ITrainable
{
    /// <summary>What is evaluated.</summary>
    public ClosedForm Function => function;

    /// <summary>The metric that every epoch reports.</summary>
    public const string Metric = "value";

    /// <summary>
    /// The trainable that a sweep file describes. Throws <see cref="ConfigurationException"/> when it names no known function.
    /// </summary>
    public static FunctionTrainable Of(SweepSpec spec, TrainableSpec.Function described)
    {
        var function = FunctionRegistry.Find(described.Name) ?? throw new ConfigurationException(
            $"There is no function '{described.Name}'. Known functions: {string.Join(", ", FunctionRegistry.Names)}.");
        return new FunctionTrainable(function, described.Noise, described.Fidelity, spec.EpochsOf);
    }

    /// <inheritdoc/>
    public ITrainingSession Start(Configuration configuration, ulong seed)
    {
        var first = new Level(1, epochs(configuration), fidelity);
        try
        {
            function.Evaluate(configuration, first, seed, noise);
        }
        catch (ArgumentException missing)
        {
            throw new ConfigurationException($"The function '{function.Name}' cannot be evaluated. {missing.Message}", missing);
        }
        return new Session(function, noise, configuration, seed, first);
    }

    private sealed class Session(ClosedForm function, double noise, Configuration configuration, ulong seed, Level first) : ITrainingSession
    {
        public int Epoch { get; private set; }

        public EpochReport TrainEpoch(CancellationToken cancel)
        {
            cancel.ThrowIfCancellationRequested();
            var (value, cost) = function.Evaluate(configuration, first with { Epoch = Epoch + 1 }, seed, noise);
            return new EpochReport(++Epoch, new Dictionary<string, double> { [Metric] = value, ["cost"] = cost }, cost);
        }

        public void Save(Stream destination)
        {
            using var writer = new BinaryWriter(destination, System.Text.Encoding.UTF8, leaveOpen: true);
            writer.Write(Epoch);
        }

        public void Load(Stream source)
        {
            using var reader = new BinaryReader(source, System.Text.Encoding.UTF8, leaveOpen: true);
            try
            {
                Epoch = reader.ReadInt32();
            }
            catch (EndOfStreamException end)
            {
                throw new InvalidDataException($"The checkpoint of a run of '{function.Name}' holds no epoch.", end);
            }
        }

        public void SaveWeights(Stream destination) { }

        public void LoadWeights(ReadOnlyMemory<byte> weights) { }

        public IReadOnlyDictionary<string, double> EvaluateTest() => new Dictionary<string, double>();

        public void Dispose() { }
    }
}
