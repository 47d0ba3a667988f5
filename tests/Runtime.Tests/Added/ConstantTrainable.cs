using Engine.Data;
using Sweeps.Core;
using Sweeps.Files;
using Sweeps.Training;

namespace Runtime.Tests.Added;

/// <summary><c>trainable: constant</c>: every epoch reports the value of <c>constant</c> plus the parameter <c>x</c>.</summary>
internal sealed record ConstantSpec(long Value) : TrainableSpec;

internal sealed class ConstantDescriptor : TrainableDescriptor
{
    public override string Name => "constant";

    public override string Key => "constant";

    public override IReadOnlyList<string> Metrics { get; } = ["level"];

    public override bool Matches(TrainableSpec spec) => spec is ConstantSpec;

    internal override TrainableSpec? Read(Section top, int format) => top.TakeInteger(Key, 0, 9) is { } value ? new ConstantSpec(value) : null;

    public override Objective DefaultObjective(TrainableSpec spec) => new("level", Goal.Minimize);

    public override string CanonicalMetric(string name) => name == "value" ? "level" : name;

    internal override void Check(SweepFile file, Diagnostics diagnostics)
    {
        if (file.Spec.Space.Find("x") is null)
            diagnostics.Mistake(file.TrainedLocation, "'constant' needs the parameter 'x'.");
    }

    public override string Describe(TrainableSpec spec) => $"nothing: the constant {((ConstantSpec)spec).Value}";

    public override ITrainable Make(SweepSpec spec, Func<string, Dataset> load, Func<string, string> find, TimeProvider time) =>
        new ConstantTrainable(((ConstantSpec)spec.Trainable).Value);
}

internal sealed class ConstantTrainable(long value) : ITrainable
{
    public ITrainingSession Start(Configuration configuration, ulong seed) => new Session(value + configuration["x"]!.AsDouble()!.Value);

    private sealed class Session(double level) : ITrainingSession
    {
        public int Epoch { get; private set; }

        public EpochReport TrainEpoch(CancellationToken cancel) => new(++Epoch, new Dictionary<string, double> { ["level"] = level }, 1);

        public void Save(Stream destination) => destination.WriteByte((byte)Epoch);

        public void Load(Stream source) => Epoch = source.ReadByte();

        public void SaveWeights(Stream destination) { }

        public void LoadWeights(ReadOnlyMemory<byte> weights) { }

        public IReadOnlyDictionary<string, double> EvaluateTest() => new Dictionary<string, double>();

        public void Dispose() { }
    }
}
