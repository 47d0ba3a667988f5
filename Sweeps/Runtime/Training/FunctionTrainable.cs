using Engine;
using Engine.Data;
using Sweeps.Core;
using Sweeps.Files;
using Sweeps.Files.Yaml;
using Sweeps.Training.Functions;

namespace Sweeps.Training;

/// <summary><c>trainable: function</c>: a closed-form function, selected by its name.</summary>
public sealed class FunctionDescriptor : TrainableDescriptor
{
    private static readonly Dictionary<string, Fidelity> Fidelities = new() { ["linear"] = Fidelity.Linear, ["logarithmic"] = Fidelity.Logarithmic };

    /// <inheritdoc/>
    public override string Name => "function";

    /// <inheritdoc/>
    public override string Key => "function";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Metrics { get; } = [FunctionTrainable.Metric, FunctionTrainable.Cost];

    /// <inheritdoc/>
    public override bool Matches(TrainableSpec spec) => spec is TrainableSpec.Function;

    internal override TrainableSpec? Read(Section top, int format)
    {
        if (top.Take(Key) is not { } node)
        {
            top.Mistake("trainable", "'trainable: function' needs 'function', such as: function: {name: branin}");
            return null;
        }
        if (node is ScalarNode { Text.Length: > 0 } scalar)
            return new TrainableSpec.Function(scalar.Text, 0, Fidelity.Linear);
        if (top.TakeSection(Key) is not { } function)
            return null;
        var name = function.TakeText("name");
        if (name is null && !function.Has("name"))
            function.Mistake(null, "'function.name' is missing.");
        var noise = function.TakeNumber("noise", noise => noise >= 0, "a number of at least 0") ?? 0;
        var fidelity = function.TakeWord("fidelity", Fidelities) ?? Fidelity.Linear;
        var pace = function.TakeDuration("pace") ?? TimeSpan.Zero;
        function.End();
        return name is null ? null : new TrainableSpec.Function(name, noise, fidelity, pace);
    }

    /// <inheritdoc/>
    public override Objective DefaultObjective(TrainableSpec spec) =>
        new(FunctionTrainable.Metric, FunctionRegistry.Find(((TrainableSpec.Function)spec).Name)?.Goal ?? Goal.Minimize);

    internal override void Check(SweepFile file, Diagnostics diagnostics)
    {
        var name = ((TrainableSpec.Function)file.Spec.Trainable).Name;
        if (FunctionRegistry.Find(name) is not { } function)
        {
            diagnostics.Mistake(null, $"There is no function '{name}'. {DidYouMean.Hint(name, FunctionRegistry.Names)}");
            return;
        }
        var missing = function.Space.Parameters.Select(parameter => parameter.Name).Where(parameter => file.Spec.Space.Find(parameter) is null).ToArray();
        if (missing.Length > 0)
            diagnostics.Mistake(null, $"The function '{name}' needs parameters that are missing: {string.Join(", ", missing)}.");
    }

    /// <inheritdoc/>
    public override string Describe(TrainableSpec spec) => $"nothing: the function {((TrainableSpec.Function)spec).Name}";

    /// <inheritdoc/>
    public override ITrainable Make(SweepSpec spec, Func<string, Dataset> load, Func<string, string> find, TimeProvider time)
    {
        var described = (TrainableSpec.Function)spec.Trainable;
        var trainable = FunctionTrainable.Of(spec, described);
        return described.Pace > TimeSpan.Zero ? new PacedTrainable(trainable, described.Pace, time) : trainable;
    }
}

/// <summary>
/// Evaluates a closed-form function once per epoch, each time at a higher fidelity. Reports the metric <c>value</c>, and the cost of the epoch in units
/// of a full evaluation as the metric <c>cost</c> and as the seconds of the epoch.
/// </summary>
/// <param name="function">The function.</param>
/// <param name="noise">The standard deviation of the added noise, at least 0.</param>
/// <param name="fidelity">The scale that converts epochs to fidelities.</param>
/// <param name="epochs">Returns R, the number of epochs of a configuration, at least 1.</param>
public sealed class FunctionTrainable(ClosedForm function, double noise, Fidelity fidelity, Func<Configuration, int> epochs) : ITrainable
{
    /// <summary>The metric with the value of the function.</summary>
    public const string Metric = "value";

    /// <summary>The metric with the cost of the epoch.</summary>
    public const string Cost = "cost";

    /// <summary>The evaluated function.</summary>
    public ClosedForm Function => function;

    /// <summary>Creates the trainable of a sweep. Throws <see cref="ConfigurationException"/> if the function is unknown.</summary>
    public static FunctionTrainable Of(SweepSpec spec, TrainableSpec.Function described)
    {
        var function = FunctionRegistry.Find(described.Name) ?? throw new ConfigurationException(
            $"There is no function '{described.Name}'. Known functions: {string.Join(", ", FunctionRegistry.Names)}.");
        return new FunctionTrainable(function, described.Noise, described.Fidelity, spec.EpochsOf);
    }

    /// <inheritdoc/>
    public ITrainingSession Start(Configuration configuration, ulong seed)
    {
        var first = new FidelityLevel(1, epochs(configuration), fidelity);
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

    private sealed class Session(ClosedForm function, double noise, Configuration configuration, ulong seed, FidelityLevel first) : ITrainingSession
    {
        public int Epoch { get; private set; }

        public EpochReport TrainEpoch(CancellationToken cancel)
        {
            cancel.ThrowIfCancellationRequested();
            var (value, cost) = function.Evaluate(configuration, first with { Epoch = Epoch + 1 }, seed, noise);
            return new EpochReport(++Epoch, new Dictionary<string, double> { [Metric] = value, [Cost] = cost }, cost);
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
                throw new InvalidDataException($"The checkpoint of a run of '{function.Name}' has no epoch.", end);
            }
        }

        public void SaveWeights(Stream destination) { }

        public void LoadWeights(ReadOnlyMemory<byte> weights) { }

        public IReadOnlyDictionary<string, double> EvaluateTest() => new Dictionary<string, double>();

        public void Dispose() { }
    }
}

/// <summary>
/// Delays every epoch of another trainable without using the processor, so that a cluster can be tested with more slots than cores.
/// </summary>
/// <param name="inner">The delayed trainable.</param>
/// <param name="pace">The delay before each epoch, above 0.</param>
/// <param name="time">The clock of the delay.</param>
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
