using System.Diagnostics;
using System.Globalization;
using Cluster.Harness;
using Sweeps.Core;
using Sweeps.Core.Search;
using Sweeps.Embedded;
using Sweeps.Files;
using Sweeps.Log.Folder;
using Sweeps.Telemetry;
using Sweeps.Training;
using Tests.Shared;

namespace Benchmarks;

/// <summary>
/// Measures the overhead of a run beyond its program's process, the effect of output on reports, and the effect of kills on a sweep over a
/// program.
/// </summary>
internal static class ProgramBenchmark
{
    private const int Epochs = 60;

    /// <summary>
    /// <c>programs [RUNS]</c> measures the first two, with 500 runs by default; <c>programs kills [KILLS]</c> the third, with 50 kills by
    /// default.
    /// </summary>
    public static async Task RunAsync(string[] arguments)
    {
        if (arguments is ["kills", .. var more])
        {
            await ProgramKills.MeasureAsync(more is [var kills] ? Number(kills) : 50, Console.Out);
            return;
        }
        await OverheadAsync(arguments is [var runs] ? Number(runs) : 500);
        // Rounds alternate, because the speed of the machine may change.
        for (var round = 0; round < 2; round++)
            foreach (var noise in (bool[])[false, true])
                await OutputAsync(noise);
    }

    /// <summary>
    /// Compares runs of a program that does nothing, one at a time, with a shell loop that starts the same program as often.
    /// </summary>
    private static async Task OverheadAsync(int runs)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["train.sh"], "echo '@sweep {\"epoch\": 1, \"loss\": 1}'\n");
        var bare = double.PositiveInfinity;
        await RunAsync(folder, "warm", 20);
        var (before, began) = (Held.Now(folder.Path), Stopwatch.GetTimestamp());
        await RunAsync(folder, "trivial", runs);
        var sweep = Stopwatch.GetElapsedTime(began).TotalMilliseconds / runs;
        var after = Held.Now(folder.Path);
        for (var round = 0; round < 3; round++)
            bare = Math.Min(bare, Loop(folder, Math.Min(runs, 500)));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{runs} runs of a trivial program on one slot: {sweep:0.0} ms per run; a loop of the shell: {bare:0.0} ms; beyond the process: {sweep - bare:0.0} ms"));
        Console.WriteLine($"left before {before}; after {after}");
    }

    private static double Loop(TemporaryFolder folder, int runs)
    {
        var began = Stopwatch.GetTimestamp();
        using var shell = Process.Start(new ProcessStartInfo("sh", ["-c", $"i=0; while [ $i -lt {runs} ]; do sh train.sh --x=$i > /dev/null; i=$((i + 1)); done"])
        {
            WorkingDirectory = folder.Path,
        })!;
        shell.WaitForExit();
        return Stopwatch.GetElapsedTime(began).TotalMilliseconds / runs;
    }

    /// <summary>
    /// Measures the time from a report to its event in the log, for a program that writes nothing else and for one that writes 10 MB/s.
    /// </summary>
    private static async Task OutputAsync(bool noise)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["train.sh"], $$"""
            yes 'a line of a program that writes much' | head -c 1000000 > "$SWEEP_CHECKPOINT/noise"
            for epoch in $(seq {{Epochs}}); do
              {{(noise ? "cat \"$SWEEP_CHECKPOINT/noise\"; echo" : "")}}
              echo "@sweep {\"epoch\": $epoch, \"loss\": 1, \"sent\": $(date +%s.%N)}"
              sleep 0.1
            done
            """);
        var log = await RunAsync(folder, "output", 1);
        var late = log.Where(logged => logged.Event is EpochRecorded)
            .Select(logged => 1000 * ((logged.At - DateTimeOffset.UnixEpoch).TotalSeconds - ((EpochRecorded)logged.Event).Metrics["sent"])).Order().ToList();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"reports {(noise ? "beside 10 MB/s of output" : "without other output")}: in the log after {late[late.Count / 2]:0.0} ms (median), {late[late.Count * 9 / 10]:0.0} ms (90 %)"));
    }

    private static async Task<IReadOnlyList<LoggedEvent>> RunAsync(TemporaryFolder folder, string name, int runs)
    {
        using var metrics = new SweepMetrics();
        var options = new EmbeddedOptions
        {
            Home = new SweepHome(folder["home"]),
            ReadSpec = SweepFile.Stored,
            MakeSearch = SearchFactory.Create,
            MakeTrainable = spec => TrainableFactory.Make(spec, _ => throw new InvalidOperationException(), file => file, TimeProvider.System),
            Metrics = metrics,
            Time = TimeProvider.System,
            Slots = 1,
        };
        var text = string.Create(CultureInfo.InvariantCulture,
            $"name: {name}\ntrainable: program\nprogram: train.sh\nfolder: {folder.Path}\ncommand: [sh, '${{program}}', '${{args}}']\nmethod: random\nrun_cap: {runs}\nmetric: {{name: loss, goal: minimize}}\nparameters: {{x: {{min: 0.0, max: 1.0}}}}\n");
        await using var sweep = await EmbeddedSweep.CreateAsync(options, $"{name}-abcde", text, "benchmark", CancellationToken.None);
        await sweep.RunAsync(CancellationToken.None);
        var log = new List<LoggedEvent>();
        using var reading = new FolderLog(options.Home, TimeProvider.System);
        await foreach (var logged in reading.ReadAsync($"{name}-abcde", 0, CancellationToken.None))
            log.Add(logged);
        return log;
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    /// <summary>The resources of a process that runs could leak.</summary>
    /// <param name="Descriptors">The open file descriptors.</param>
    /// <param name="Children">The child processes, zombies included.</param>
    /// <param name="Folders">The working folders of runs.</param>
    /// <param name="Groups">The control groups of runs on this machine.</param>
    private sealed record Held(int Descriptors, int Children, int Folders, int Groups)
    {
        public static Held Now(string home) => new(
            Directory.EnumerateFileSystemEntries("/proc/self/fd").Count(),
            Directory.EnumerateDirectories("/proc/self/task").Sum(thread => File.ReadAllText(Path.Combine(thread, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries).Length),
            Directory.EnumerateDirectories(home, "work", SearchOption.AllDirectories).Sum(work => Directory.EnumerateDirectories(work).Count()),
            Directory.EnumerateDirectories("/sys/fs/cgroup", $"sweep-{Environment.ProcessId}-*", SearchOption.AllDirectories).Count());

        public override string ToString() => $"{Descriptors} descriptors, {Children} children, {Folders} working folders, {Groups} control groups";
    }
}
