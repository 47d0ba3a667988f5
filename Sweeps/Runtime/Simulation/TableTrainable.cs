using Sweeps.Core;
using Sweeps.Training;

namespace Sweeps.Simulation;

/// <summary><c>trainable: table</c>: a run "trains" by reading the next epoch of the row that its parameter <c>row</c> names.</summary>
public sealed class TableTrainable(LearningCurves curves) : ITrainable
{
    /// <summary>The table.</summary>
    public LearningCurves Curves => curves;

    /// <inheritdoc/>
    public ITrainingSession Start(Configuration configuration, ulong seed) => new Session(curves, Row(configuration));

    private int Row(Configuration configuration) => configuration["row"] switch
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
                throw new InvalidDataException($"The checkpoint of row {row} holds no epoch.");
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
