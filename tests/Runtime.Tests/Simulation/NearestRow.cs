using System.IO.Compression;
using System.Text.Json;
using Sweeps.Core;
using Sweeps.Core.Search;
using Sweeps.Core.Space;
using Sweeps.Training;
using Sweeps.Training.Functions;
using Tests.Shared;

namespace Runtime.Tests.Simulation;

/// <summary>
/// A task of TaskSet as a function of its eight hyperparameters: a configuration has the learning curve of the nearest of the 1,000
/// recorded rows in the unit cube.
/// </summary>
internal sealed class NearestRow : ClosedForm
{
    public const int Epochs = 51;
    private readonly ParameterAxis[] axes;
    private readonly double[][] rows, curves;
    private (Configuration? Of, double[] Curve) last = (null, []);

    private NearestRow(string task, SearchSpace space, ParameterAxis[] axes, double[][] rows, double[][] curves)
        : base(task, space, Goal.Minimize, curves.Min(curve => curve.Min())) => (this.axes, this.rows, this.curves) = (axes, rows, curves);

    public static IReadOnlyList<string> Tasks { get; } =
        ["imdb_patch32_LSTM128_bs128", "imdb_patch32_GRU128_bs128", "imdb_patch128_LSTM128_bs64", "imdb_patch32_VRNN64_relu_avg_bs128"];

    public static NearestRow Load(string task)
    {
        var path = Path.Combine(RealData.Folder, "taskset", $"FixedTextRNNClassification_{task}.json.gz");
        using var content = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
        using var document = JsonDocument.Parse(content);
        var names = document.RootElement.GetProperty("hyperparameters").EnumerateArray().Select(name => name.GetString()!).ToArray();
        var values = document.RootElement.GetProperty("configs").EnumerateArray().Select(row => row.EnumerateArray().Select(value => value.GetDouble()).ToArray()).ToArray();
        var parameters = names.Select((name, j) =>
        {
            var (low, high) = (values.Min(row => row[j]), values.Max(row => row[j]));
            return new Parameter(name, name.StartsWith("beta", StringComparison.Ordinal) ? new Uniform(low, high) : LogUniform.OfValues(low, high), new Dictionary<string, IReadOnlyList<Value>>());
        }).ToArray();
        var axes = parameters.Select(parameter => new ParameterAxis(parameter)).ToArray();
        var rows = Array.ConvertAll(values, row => axes.Select((axis, j) => axis.Unit(new Value.Number(row[j]))!.Value).ToArray());
        var space = new SearchSpace([.. parameters.OrderBy(parameter => parameter.Name, StringComparer.Ordinal)]);
        return new NearestRow(task, space, axes, rows, LearningCurves.Load(path)["valid_loss"]!);
    }

    public override double Value(Configuration configuration, FidelityLevel level, ulong seed)
    {
        if (!ReferenceEquals(last.Of, configuration))
            last = (configuration, Curve(configuration));
        return last.Curve[level.Epoch - 1];
    }

    private double[] Curve(Configuration configuration)
    {
        var x = Array.ConvertAll(axes, axis => axis.Unit(configuration[axis.Parameter.Name])!.Value);
        var (nearest, least) = (0, double.PositiveInfinity);
        for (var row = 0; row < rows.Length; row++)
        {
            var distance = 0.0;
            for (var j = 0; j < x.Length; j++)
                distance += (rows[row][j] - x[j]) * (rows[row][j] - x[j]);
            if (distance < least)
                (nearest, least) = (row, distance);
        }
        return curves[nearest];
    }
}
