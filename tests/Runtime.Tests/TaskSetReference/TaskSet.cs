using System.Globalization;
using System.IO.Compression;
using Sweeps.Core;
using Sweeps.Core.Rules;
using Sweeps.Core.Search;
using Sweeps.Core.Space;
using Sweeps.Simulation;
using Sweeps.Training;
using Tests.Shared;

namespace Runtime.Tests.TaskSetReference;

/// <summary>The tabular benchmark of docs/rules.md, 9: tables, order of rows, schedulers, reference.</summary>
internal static class TaskSet
{
    public static readonly string[] Tasks =
    [
        "imdb_patch32_LSTM128_bs128", "imdb_patch32_GRU128_bs128", "imdb_patch128_LSTM128_bs64", "imdb_patch32_VRNN64_relu_avg_bs128",
    ];

    private static readonly Dictionary<string, LearningCurves> tables = [];

    public static LearningCurves Table(string task)
    {
        lock (tables)
        {
            if (!tables.TryGetValue(task, out var table))
                tables[task] = table = LearningCurves.Load(Path.Combine(Folder, $"FixedTextRNNClassification_{task}.json.gz"));
            return table;
        }
    }

    public static VirtualResult Run(string task, string scheduler, int first, int workers, int seed, params SteerAction[] reviews) => VirtualSweep.Run(
        Spec(scheduler, first), VirtualSweep.Training(Table(task)), workers, _ => new Rows(seed, 1000), new MachineOptions { StopDiverged = false }, inTurn: true, reviews: reviews);

    public static SweepSpec Spec(string scheduler, int first) => new()
    {
        Name = scheduler,
        Method = SearchMethod.Random,
        Objective = new Objective("valid_loss", Goal.Minimize),
        Space = new SearchSpace([]),
        Rules = scheduler switch
        {
            "random" => [],
            "median" => [new MedianSpec(5, 5)],
            "successive_halving" => [new SuccessiveHalvingSpec(first, 51, 3)],
            "hyperband_brackets" => [new SuccessiveHalvingSpec(first, 51, 3, AllBrackets: true)],
            "asha_stopping_ray" => [new AshaStoppingSpec(first, 51, 3, AshaComparison.Ray)],
            "asha_stopping_optuna" => [new AshaStoppingSpec(first, 51, 3, AshaComparison.Optuna)],
            "asha" => [new AshaSpec(first, 51, 3)],
            "asha_one_rung" => [new AshaSpec(first, 51, 26)],
            _ => throw new ArgumentOutOfRangeException(nameof(scheduler), scheduler, null),
        },
        Budget = new Budget(Epochs: 2040),
        Epochs = 51,
        MaxEpochs = 51,
        Trainable = new TrainableSpec.Table(""),
    };

    public static IEnumerable<Golden> Reference()
    {
        using var file = File.OpenRead(Path.Combine(Folder, "golden.csv.gz"));
        using var reader = new StreamReader(new GZipStream(file, CompressionMode.Decompress));
        reader.ReadLine();
        while (reader.ReadLine() is { } line)
            yield return Golden.Parse(line);
    }

    private static string Folder => Path.Combine(RealData.Folder, "taskset");

    /// <summary>Rows 0 … N − 1 in the order of a Fisher–Yates shuffle by SplitMix64.</summary>
    internal sealed class Rows : ISearch
    {
        private readonly int[] order;

        public Rows(int seed, int count)
        {
            order = [.. Enumerable.Range(0, count)];
            var random = new SplitMix64((ulong)seed);
            for (var i = count - 1; i >= 1; i--)
            {
                var j = (int)(random.Next() % (ulong)(i + 1));
                (order[i], order[j]) = (order[j], order[i]);
            }
        }

        public IReadOnlyList<int> Order => order;

        public long? Size => order.Length;

        public Suggestion? Propose(int run, int attempt, IHistory history) =>
            run < order.Length ? new Suggestion(new Configuration([new("row", new Value.Integer(order[run]))])) : null;
    }
}

/// <summary>A line of the reference: one sweep.</summary>
internal sealed record Golden(
    string Task, int First, int Workers, string Scheduler, int Seed, int Started, int Reached, string Rungs, double?[] Best, int BestRun, int BestRow)
{
    public static Golden Parse(string line)
    {
        var fields = line.Split(',');
        int Int(int i) => int.Parse(fields[i], CultureInfo.InvariantCulture);
        return new Golden(
            fields[0].Replace("FixedTextRNNClassification_", "", StringComparison.Ordinal), Int(1), Int(2), fields[3], Int(4), Int(5), Int(6),
            string.Join(' ', fields[7..11].Where(field => field.Length > 0)),
            [.. fields[11..15].Select(field => (double?)double.Parse(field, CultureInfo.InvariantCulture))], Int(15), Int(16));
    }

    /// <summary>The line with the results of our sweep.</summary>
    public Golden Actual(VirtualResult result)
    {
        var state = result.State;
        var best = state.Best!;
        var rungs = Scheduler.StartsWith("asha", StringComparison.Ordinal) ? string.Join(' ', state.Rungs.Select(rung => rung.Arrived)) : "";
        return this with
        {
            Started = state.Runs.Count,
            Reached = state.Runs.Count(run => run.Epoch == 51),
            Rungs = rungs,
            Best = [result.BestAfter(255), result.BestAfter(510), result.BestAfter(1020), result.BestAfter(2040)],
            BestRun = best.Number,
            BestRow = (int)((Value.Integer)best.Configuration["row"]!).Content,
        };
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Task} r={First} W={Workers} {Scheduler} seed {Seed}: {Started}/{Reached} [{Rungs}] {string.Join(' ', Best)} run {BestRun} row {BestRow}");
}
