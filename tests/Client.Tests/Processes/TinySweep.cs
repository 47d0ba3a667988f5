using System.Globalization;
using System.Text;
using Sweeps.Core;
using Sweeps.Log.Folder;
using Tests.Shared;

namespace Client.Tests.Processes;

/// <summary>A sweep of real networks on a small table: forty runs, rungs at 1, 3 and 9. One slot needs a second or two.</summary>
internal sealed class TinySweep : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public TinySweep()
    {
        var table = new StringBuilder("x,y,label\n");
        var random = new Random(5);
        for (var i = 0; i < 1500; i++)
        {
            var (angle, radius) = (random.NextDouble() * 6.283, random.NextDouble());
            table.Append(CultureInfo.InvariantCulture, $"{radius * Math.Cos(angle):R},{radius * Math.Sin(angle):R},{(radius > 0.6 ? "out" : "in")}\n");
        }
        System.IO.File.WriteAllText(folder["ring.csv"], table.ToString());
        System.IO.File.WriteAllText(File, $$"""
            name: tiny
            dataset: 'csv:{{folder["ring.csv"]}}#label'
            method: random
            seed: 3
            run_cap: 40
            epochs: 9
            metric: {name: val_loss, goal: minimize}
            parameters:
              hidden_size: {values: [8, 16, 24]}
              activation: {values: [tanh, relu]}
              optimizer: {values: [momentum, adam]}
              learning_rate: {distribution: log_uniform_values, min: 0.001, max: 0.1}
              batch_size: {value: 4}
            early_terminate: {type: asha, min_iter: 1, eta: 3}
            """);
    }

    /// <summary>The sweep file.</summary>
    public string File => folder["tiny.yaml"];

    /// <summary>The path of a folder for sweeps.</summary>
    public string Home(string name) => folder[name];

    /// <summary>The id of the only sweep in a home; null if there is none.</summary>
    public static string? Only(string home) =>
        Directory.Exists(home) ? Directory.EnumerateDirectories(home).Select(Path.GetFileName).SingleOrDefault(name => !name!.StartsWith('.')) : null;

    /// <summary>The length of the only sweep's log in bytes; 0 if there is none.</summary>
    public static long LogLength(string home)
    {
        var log = Only(home) is { } sweep ? new FileInfo(new SweepHome(home).Events(sweep)) : null;
        return log is { Exists: true } ? log.Length : 0;
    }

    /// <summary>The only sweep's log.</summary>
    public static async Task<List<LoggedEvent>> LogAsync(string home)
    {
        using var log = new FolderLog(new SweepHome(home), TimeProvider.System);
        var events = new List<LoggedEvent>();
        await foreach (var logged in log.ReadAsync(Only(home)!, 0, CancellationToken.None))
            events.Add(logged);
        return events;
    }

    /// <summary>The decisions and metrics of a log as text, without nodes, times, generations, and events about interruptions.</summary>
    public static List<string> Decisions(IEnumerable<LoggedEvent> log) => [.. log.Select(logged => logged.Event switch
    {
        RunCreated e => $"{e.Run} created {e.Configuration} seed {e.Seed}",
        EpochRecorded e => $"{e.Run} epoch {e.Epoch} {e.Verdict} {Metrics(e.Metrics)}",
        RunPaused e => $"{e.Run} paused {e.Reason}",
        RunPromoted e => $"{e.Run} promoted {e.Reason}",
        RunStopped e => $"{e.Run} stopped {e.Reason}",
        RunFinished e => $"{e.Run} finished {e.Reason}",
        RunDiverged e => $"{e.Run} diverged {e.Reason}",
        RunFailed e => $"{e.Run} failed {e.Error}",
        TestEvaluated e => $"{e.Run} tested {e.Epoch} {Metrics(e.Metrics)}",
        SweepEnded e => $"ended {e.Outcome} {e.Reason}",
        _ => "",
    }).Where(line => line.Length > 0)];

    public void Dispose() => folder.Dispose();

    private static string Metrics(IReadOnlyDictionary<string, double> metrics) =>
        string.Join(' ', metrics.OrderBy(m => m.Key, StringComparer.Ordinal).Select(m => string.Create(CultureInfo.InvariantCulture, $"{m.Key}={m.Value:R}")));
}
