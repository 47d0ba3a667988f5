using System.Runtime.CompilerServices;
using Runtime.Tests.Support;
using Sweeps.Coordination;
using Sweeps.Core;
using Sweeps.Core.Search;
using Sweeps.Files;
using Sweeps.Log;

namespace Runtime.Tests.Log;

/// <summary>
/// Logs in all earlier formats must replay. With SWEEP_RECORD=1 the test first writes the files of the current format: do that for a new
/// version of an event, under a new name, and do not change existing files.
/// </summary>
public class ReplayTests
{
    private static readonly string Folder = Path.Combine(Path.GetDirectoryName(Here())!, "replay");

    public static TheoryData<string> Logs => [.. Directory.GetFiles(Folder, "v*-*.jsonl").Select(file => Path.GetFileName(file)!).Order()];

    [Theory, MemberData(nameof(Logs))]
    public async Task A_log_of_the_past_replays_to_the_state_it_ended_in(string name)
    {
        if (Environment.GetEnvironmentVariable("SWEEP_RECORD") == "1")
            await RecordAsync();
        var machine = Machines.Empty();

        if (name.Contains("broken", StringComparison.Ordinal))
        {
            Assert.Throws<InvalidDataException>(() => Replay(name, machine));
            return;
        }
        Replay(name, machine);

        Assert.Equal(await File.ReadAllTextAsync(Path.Combine(Folder, Path.ChangeExtension(name, ".txt"))), Describe(machine.State));
    }

    [Fact]
    public void The_fixtures_cover_every_type_of_event()
    {
        var written = Directory.GetFiles(Folder, "v*-*.jsonl").Where(file => !file.Contains("broken", StringComparison.Ordinal))
            .SelectMany(File.ReadAllLines).Select(line => EventText.Read(line).Event.GetType()).ToHashSet();

        Assert.Empty(Sample.AllEvents().Select(logged => logged.Event.GetType()).Except(written));
    }

    private static MachineFactory Machines => new(text => SweepFile.Parse(text, "test.yaml").Spec, SearchFactory.Create, new MachineOptions());

    private static void Replay(string name, SweepMachine machine)
    {
        foreach (var line in File.ReadLines(Path.Combine(Folder, name)))
            machine.Apply(EventText.Read(line));
    }

    /// <summary>The state that must not change, as text.</summary>
    private static string Describe(SweepState state) => string.Join('\n',
    [
        $"seq {state.Seq} status {state.Status} outcome {state.Outcome} epochs {state.EpochsRecorded} wasted {state.EpochsWasted}",
        $"best {state.Best?.Number} {state.Best?.Best:R}",
        .. state.Runs.Select(run =>
            $"run {run.Number} {run.State} generation {run.Generation} epoch {run.Epoch} best {run.Best:R} test {run.TestEpoch} {run.Configuration}"),
        "",
    ]);

    /// <summary>Records a sweep that is steered, interrupted, killed, extended and evaluated, with an event of every type.</summary>
    private static async Task RecordAsync()
    {
        var store = new MemoryStore();
        using var bench = new Bench(store, Bench.Asha) { Policy = new CheckpointPolicy(null, null) };
        await bench.CreateAsync();
        using (var kill = new CancellationTokenSource())
        {
            store.AfterAppend = _ =>
            {
                if (store.Events[^1].Event is EpochRecorded { Verdict: Verdict.Continue })
                {
                    store.Dead = true;
                    kill.Cancel();
                }
            };
            await bench.RunAsync("first", 1, Trainable(), kill.Token, dies: true);
            (store.Dead, store.AfterAppend) = (false, null);
        }
        using (var interrupt = new CancellationTokenSource())
        {
            var batches = 0;
            var interrupted = new FakeTrainable
            {
                OnBatch = (_, _) =>
                {
                    if (++batches == 10)
                        interrupt.Cancel();
                },
            };
            await bench.RunAsync("second", 1, interrupted, interrupt.Token);
        }
        await bench.SteerAsync(new SteerAction.PinRun(1), new SteerAction.Enqueue(new Configuration([new("lr", new Value.Number(0.25))])));
        await bench.RunAsync("third", 1, Trainable(), CancellationToken.None);
        await bench.SteerAsync(new SteerAction.Change(Bench.Asha.Replace("run_cap: 9", "run_cap: 12", StringComparison.Ordinal)));
        await bench.RunAsync("fourth", 1, Trainable(), CancellationToken.None);
        await bench.RecordTestAsync();
        await WriteAsync("v1-asha", store.Events);
        await bench.SteerAsync(new SteerAction.Confirm(2, 3));
        await bench.RunAsync("fifth", 1, Trainable(), CancellationToken.None);
        await bench.SteerAsync(new SteerAction.Audit(10));
        await bench.RunAsync("sixth", 1, Trainable(), CancellationToken.None);
        await WriteAsync("v3-reviews", store.Events);

        var lines = await File.ReadAllLinesAsync(Path.Combine(Folder, "v1-asha.jsonl"));
        lines[20] = lines[20][..(lines[20].Length / 2)];
        await File.WriteAllTextAsync(Path.Combine(Folder, "v1-broken.jsonl"), string.Join('\n', lines) + "\n");
    }

    private static FakeTrainable Trainable() => new()
    {
        Refuses = configuration => configuration["lr"]!.AsDouble() < 0.2,
        DivergesAfter = configuration => configuration["lr"]!.AsDouble() > 0.8 ? 0 : null,
    };

    private static async Task WriteAsync(string name, IReadOnlyList<LoggedEvent> events)
    {
        var machine = Machines.Empty();
        foreach (var logged in events)
            machine.Apply(logged);
        Directory.CreateDirectory(Folder);
        await File.WriteAllTextAsync(Path.Combine(Folder, $"{name}.jsonl"), string.Concat(events.Select(e => EventText.Write(e) + "\n")));
        await File.WriteAllTextAsync(Path.Combine(Folder, $"{name}.txt"), Describe(machine.State));
    }

    private static string Here([CallerFilePath] string path = "") => path;
}
