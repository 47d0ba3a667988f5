using System.Diagnostics;
using System.IO.Compression;
using System.Text.RegularExpressions;
using Client.Views;
using Sweeps.Core;
using Sweeps.Files;
using Sweeps.Log;

namespace Reports;

/// <summary>
/// The sweep files of the reports and their kept logs, <c>experiments/reports/logs/NAME.jsonl.gz</c>. NAME is the folder and the file without its
/// extension: <c>A-asha</c>. Files that end with <c>-quick</c> are for the tests and have no log; neither has the whole grid of A, half a day of two cores.
/// </summary>
/// <param name="root">The folder of the repository.</param>
internal sealed class Experiments(string root)
{
    private readonly string folder = Path.Combine(root, "experiments", "reports");

    public string Root => root;

    private string Logs => Path.Combine(folder, "logs");

    private string Home => Path.Combine(folder, "logs", "running");

    /// <summary>The names of all sweeps with a complete file, in order.</summary>
    public IReadOnlyList<string> Names { get; } =
    [
        // The sweeps that run have files of their own, deeper under logs.
        .. Directory.GetDirectories(Path.Combine(root, "experiments", "reports")).SelectMany(report => Directory.GetFiles(report, "*.yaml"))
            .Where(file => !file.EndsWith("-quick.yaml", StringComparison.Ordinal) && !file.EndsWith(Path.Combine("A", "grid.yaml"), StringComparison.Ordinal))
            .Select(file => $"{new FileInfo(file).Directory!.Name}-{Path.GetFileNameWithoutExtension(file)}").Order(StringComparer.Ordinal),
    ];

    /// <summary>The sweeps that have no log yet.</summary>
    public IEnumerable<string> Missing() => Names.Where(name => !File.Exists(LogFile(name)));

    /// <summary>Runs or resumes a sweep in a process of its own and keeps its log. Returns the exit code of <c>sweep</c>.</summary>
    public async Task<int> RunAsync(string name)
    {
        var home = Path.Combine(Home, name);
        Directory.CreateDirectory(home);
        var begun = Directory.GetFiles(home, "events.jsonl", SearchOption.AllDirectories).SingleOrDefault();
        Console.WriteLine($"{name}: {(begun is null ? "runs" : "resumes")} …");
        if (begun is null || Fold(File.ReadLines(begun)).History.State.Status == SweepStatus.Running)
            if (await SweepAsync(home, begun is null ? ["run", SweepFilePath(name)] : ["resume"]) is not 0 and var failed)
                return failed;
        if (await SweepAsync(home, ["test", "--top", "50"]) is not 0 and var untested)
            return untested;
        var drawn = Path.Combine(home, "figures");
        if (await SweepAsync(home, ["report", "--figures", drawn]) is not 0 and var undrawn)
            return undrawn;
        Directory.CreateDirectory(Logs);
        foreach (var figure in (string[])["classes", "confusion"])
            if (Path.Combine(drawn, figure + ".svg") is var file && File.Exists(file))
                File.Copy(file, FigureFile(name, figure), overwrite: true);
        var part = LogFile(name) + ".part";
        await using (var log = File.OpenRead(Directory.GetFiles(home, "events.jsonl", SearchOption.AllDirectories).Single()))
        await using (var packed = new GZipStream(File.Create(part), CompressionLevel.SmallestSize))
            await log.CopyToAsync(packed);
        File.Move(part, LogFile(name), overwrite: true);
        return 0;
    }

    /// <summary>A kept sweep; null where it has not been run.</summary>
    public KeptSweep? Read(string name)
    {
        if (!File.Exists(LogFile(name)))
            return null;
        using var reader = new StreamReader(new GZipStream(File.OpenRead(LogFile(name)), CompressionMode.Decompress));
        var (history, log) = Fold(Lines(reader));
        return new KeptSweep(name, history, log);
    }

    private static IEnumerable<string> Lines(StreamReader reader)
    {
        while (reader.ReadLine() is { } line)
            yield return line;
    }

    private static (SweepHistory History, IReadOnlyList<LoggedEvent> Log) Fold(IEnumerable<string> lines)
    {
        var log = lines.Select(line => EventText.Read(line)).ToList();
        var history = new SweepHistory(SweepFile.Stored);
        foreach (var logged in log)
            history.Add(logged);
        return (history, log);
    }

    /// <summary>
    /// A figure of a sweep's best model, which needs its weights and its data: drawn once, when the sweep has ended, and kept beside its log. Null
    /// where there is none.
    /// </summary>
    public string? ModelFigure(string name, string figure) => File.Exists(FigureFile(name, figure)) ? File.ReadAllText(FigureFile(name, figure)) : null;

    private string FigureFile(string name, string figure) => Path.Combine(Logs, $"{name}-{figure}.svg");

    private string LogFile(string name) => Path.Combine(Logs, name + ".jsonl.gz");

    private string SweepFilePath(string name) => Path.Combine(folder, name[..name.IndexOf('-', StringComparison.Ordinal)], name[(name.IndexOf('-', StringComparison.Ordinal) + 1)..] + ".yaml");

    private async Task<int> SweepAsync(string home, string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(root, "Client", "bin", "Release", "net10.0", "sweep.dll"), .. arguments]);
        start.Environment["SWEEP_HOME"] = home;
        using var process = Process.Start(start)!;
        await process.WaitForExitAsync();
        return process.ExitCode;
    }
}

/// <summary>A sweep of the reports, read from its log.</summary>
/// <param name="Name">The name of the sweep: <c>A-asha</c>.</param>
/// <param name="History">What its log folds to.</param>
/// <param name="Log">Its events.</param>
internal sealed partial record KeptSweep(string Name, SweepHistory History, IReadOnlyList<LoggedEvent> Log)
{
    public SweepRun? Best => History.State.Best;

    /// <summary>The runs of the search, without those that confirm its best ones.</summary>
    public IReadOnlyList<SweepRun> Searched => [.. History.State.Runs.Where(run => run.Confirms is null)];

    /// <summary>The number of epochs of <see cref="Searched"/>.</summary>
    public int SearchEpochs => Searched.Sum(run => run.Epoch);

    /// <summary>The best validation value of each run of the search, as reported; without runs that have none.</summary>
    public IReadOnlyList<double> Values => [.. Searched.Select(run => History.BestOf(run)).OfType<double>()];

    /// <summary>A run's accuracy on the test part with the weights of its best epoch, or null.</summary>
    public static double? Test(SweepRun run) => run.TestEpoch == run.BestEpoch && run.Test?.TryGetValue("test_accuracy", out var accuracy) == true ? accuracy : null;

    /// <summary>How many epochs had been recorded when a validation accuracy first reached <paramref name="target"/>; null if never.</summary>
    public int? EpochsTo(double target)
    {
        var count = 0;
        foreach (var recorded in Log.Select(logged => logged.Event).OfType<EpochRecorded>())
        {
            count++;
            if (recorded.Metrics.TryGetValue("val_accuracy", out var accuracy) && accuracy >= target)
                return count;
        }
        return null;
    }

    /// <summary>One metric of every epoch of a run.</summary>
    public IReadOnlyList<(double Epoch, double Value)> Curve(int run, string metric) =>
    [
        .. Log.Select(logged => logged.Event).OfType<EpochRecorded>().Where(recorded => recorded.Run == run && recorded.Metrics.ContainsKey(metric))
            .Select(recorded => ((double)recorded.Epoch, recorded.Metrics[metric])),
    ];

    /// <summary>The validation accuracy of a run at its best epoch, or null.</summary>
    public double? Accuracy(SweepRun run) => Metric(run, run.BestEpoch, "val_accuracy") is var value && double.IsFinite(value) ? value : null;

    /// <summary>The objective of a run after so many epochs, as reported; NaN where it has none.</summary>
    public double ValueAt(SweepRun run, int epoch) => Metric(run, epoch, History.Spec.Objective.Name);

    /// <summary>The runs of the search by configuration, those that differ in their seed alone together, in order of creation; with the name without the seed.</summary>
    public IReadOnlyList<IReadOnlyList<(SweepRun Run, string Name)>> Configurations() =>
    [
        .. Searched.Select(run => (run, Name: WithoutSeed(History.NameOf(run)))).GroupBy(one => one.Name).Select(group => group.ToList()),
    ];

    // A name is made of the parameters' abbreviations and values: hl_4_se_2_wd_0.
    private static string WithoutSeed(string name) => SeedPart().Replace(name, "").Trim('_') is { Length: > 0 } rest ? rest : "as in the file";

    [GeneratedRegex("(^|_)se_[0-9]+(?=_|$)")]
    private static partial Regex SeedPart();

    private double Metric(SweepRun run, int epoch, string metric) =>
        Curve(run.Number, metric).Where(point => point.Epoch == epoch).Select(point => point.Value).FirstOrDefault(double.NaN);

    public TimeSpan Took => History.State.Busy;
}
