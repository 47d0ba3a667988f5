using Engine.Data;
using Sweeps.Core;
using Sweeps.Files;

namespace Sweeps.Training;

/// <summary><c>trainable: table</c>: recorded learning curves from a file.</summary>
public sealed class TableDescriptor : TrainableDescriptor
{
    /// <inheritdoc/>
    public override string Name => "table";

    /// <inheritdoc/>
    public override string Key => "table";

    /// <inheritdoc/>
    public override bool Matches(TrainableSpec spec) => spec is TrainableSpec.Table;

    internal override TrainableSpec? Read(Section top, int format)
    {
        if (top.TakeText(Key) is { } file)
            return new TrainableSpec.Table(file);
        if (!top.Has(Key))
            top.Mistake("trainable", "'trainable: table' needs 'table': the file of learning curves.");
        return null;
    }

    /// <inheritdoc/>
    public override Objective DefaultObjective(TrainableSpec spec) => new("valid_loss", Goal.Minimize);

    internal override void Check(SweepFile file, Diagnostics diagnostics)
    {
        if (file.Spec.Space.Find(TableTrainable.Parameter) is null)
            diagnostics.Mistake(null, "A table is searched by its rows, but there is no parameter 'row'. For a thousand rows add: row: {min: 0, max: 999}");
    }

    /// <inheritdoc/>
    public override string Describe(TrainableSpec spec) => $"nothing: learning curves of {((TrainableSpec.Table)spec).File}";

    /// <inheritdoc/>
    public override ITrainable Make(SweepSpec spec, Func<string, Dataset> load, Func<string, string> find, TimeProvider time)
    {
        var file = ((TrainableSpec.Table)spec.Trainable).File;
        var curves = LearningCurves.Load(find(file));
        return curves[spec.Objective.Name] is not null ? new TableTrainable(curves) : throw new ConfigurationException(
            $"The table '{file}' has no metric '{spec.Objective.Name}'; it has {string.Join(", ", curves.Metrics)}. Name one of them: metric: {{name: …}}");
    }
}

/// <summary>Reports recorded learning curves. The parameter <c>row</c> of a run selects the row; each epoch reports its next values.</summary>
public sealed class TableTrainable(LearningCurves curves) : ITrainable
{
    /// <summary>The parameter that selects a row of the table.</summary>
    public const string Parameter = "row";

    /// <summary>The recorded curves.</summary>
    public LearningCurves Curves => curves;

    /// <inheritdoc/>
    public ITrainingSession Start(Configuration configuration, ulong seed) => new Session(curves, Row(configuration));

    private int Row(Configuration configuration) => configuration[Parameter] switch
    {
        Value.Integer(var row) when row >= 0 && row < curves.Rows => (int)row,
        var other => throw new ConfigurationException(
            $"The parameter 'row' is {other?.ToString() ?? "absent"}, expected an integer from 0 to {curves.Rows - 1}: a row of the table."),
    };

    private sealed class Session(LearningCurves curves, int row) : ITrainingSession
    {
        public int Epoch { get; private set; }

        public EpochReport TrainEpoch(CancellationToken cancel)
        {
            cancel.ThrowIfCancellationRequested();
            Epoch++;
            return new EpochReport(Epoch, curves.At(row, Epoch), 0, Last: Epoch >= curves.Epochs(row));
        }

        public void Save(Stream destination) => destination.Write(BitConverter.GetBytes(Epoch));

        public void Load(Stream source)
        {
            var saved = new byte[sizeof(int)];
            if (source.ReadAtLeast(saved, saved.Length, throwOnEndOfStream: false) < saved.Length)
                throw new InvalidDataException($"The checkpoint of row {row} has no epoch.");
            var epoch = BitConverter.ToInt32(saved);
            if (epoch < 0 || epoch > curves.Epochs(row))
                throw new InvalidDataException($"The checkpoint of row {row} is at epoch {epoch}, expected 0 to {curves.Epochs(row)}.");
            Epoch = epoch;
        }

        public void SaveWeights(Stream destination) { }

        public void LoadWeights(ReadOnlyMemory<byte> weights) { }

        public IReadOnlyDictionary<string, double> EvaluateTest() => new Dictionary<string, double>();

        public void Dispose() { }
    }
}
