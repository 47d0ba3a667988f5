using Client.Sources;
using Sweeps.Core;
using Sweeps.Log;
using Xunit.Abstractions;

namespace Client.Tests.Processes;

public class KillTests(ITestOutputHelper output)
{
    private const int Kills = 20;

    [Fact]
    public async Task A_sweep_killed_at_twenty_moments_decides_and_measures_what_an_undisturbed_one_does()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("SWEEP_TEST_SEED"), out var given) ? given : 20261;
        output.WriteLine($"SWEEP_TEST_SEED={seed}");
        using var tiny = new TinySweep();
        var (calm, rough) = (tiny.Home("calm"), tiny.Home("rough"));
        Assert.Equal(0, SweepProcess.Run(calm, "run", tiny.File, "--slots", "1").ExitCode);
        var whole = TinySweep.LogLength(calm);
        var random = new Random(seed);
        var moments = Enumerable.Range(0, Kills).Select(_ => random.NextInt64(200, whole * 95 / 100)).Order().ToList();

        var killed = new List<(int Seq, byte[] State)>();
        foreach (var moment in moments)
        {
            using var process = TinySweep.Only(rough) is { } sweep
                ? SweepProcess.Start(rough, "resume", sweep, "--slots", "1")
                : SweepProcess.Start(rough, "run", tiny.File, "--slots", "1");
            // Kill at this moment, but only after at least one write of this process: it must be working, not starting.
            var before = TinySweep.LogLength(rough);
            if (!process.WaitUntil(() => TinySweep.LogLength(rough) is var now && now > moment && now > before))
                break;
            process.Kill();
            var left = await TinySweep.LogAsync(rough);
            killed.Add((left.Count, StateAfter(left)));
        }
        var last = SweepProcess.Run(rough, "top", "-n", "40", "--output", "json").Output;
        var (exit, _, errors) = SweepProcess.Run(rough, "resume", TinySweep.Only(rough)!, "--slots", "1");

        Assert.True(exit == 0, errors);
        Assert.True(killed.Count >= 15, $"Only {killed.Count} of {Kills} kills hit the sweep at work.");
        var log = await TinySweep.LogAsync(rough);
        output.WriteLine($"{killed.Count} kills; {log.Count(e => e.Event is RunLost)} runs lost, {log.Select(e => e.Event).OfType<EpochsWasted>().Sum(e => e.Epochs)} epochs trained again.");
        Assert.Equal(TinySweep.Decisions(await TinySweep.LogAsync(calm)), TinySweep.Decisions(log));

        // The log up to a kill gives the state of the sweep after the kill.
        Assert.All(killed, kill => Assert.Equal(kill.State, StateAfter(log.Take(LogCut.Parse($"seq:{kill.Seq}", TimeZoneInfo.Utc).CountOf(log)))));
        var then = SweepProcess.Run(rough, "top", "-n", "40", "--output", "json", "--at", $"seq:{killed[^1].Seq}");
        Assert.Equal(last, then.Output.Replace("\"state\":\"running\"", "\"state\":\"queued\"", StringComparison.Ordinal));
        Assert.Contains($"after {killed[^1].Seq:N0} of {log.Count:N0} events", then.Errors, StringComparison.Ordinal);
    }

    private static byte[] StateAfter(IEnumerable<LoggedEvent> log)
    {
        var history = SweepSources.NewHistory();
        foreach (var logged in log)
            history.Add(logged);
        return SweepSnapshot.Write(history.State).ToArray();
    }

    [Fact]
    public async Task With_two_slots_no_epoch_is_lost_or_recorded_twice()
    {
        using var tiny = new TinySweep();
        var home = tiny.Home("two");
        for (var kill = 1; kill <= 3; kill++)
        {
            using var process = TinySweep.Only(home) is { } sweep ? SweepProcess.Start(home, "resume", sweep, "--slots", "2") : SweepProcess.Start(home, "run", tiny.File, "--slots", "2");
            Assert.True(process.WaitUntil(() => TinySweep.LogLength(home) > kill * 8000), process.Errors);
            process.Kill();
        }

        Assert.Equal(0, SweepProcess.Run(home, "resume", TinySweep.Only(home)!, "--slots", "2").ExitCode);

        var epochs = (await TinySweep.LogAsync(home)).Select(e => e.Event).OfType<EpochRecorded>().ToLookup(e => e.Run, e => e.Epoch);
        Assert.Equal(40, epochs.Count);
        Assert.All(epochs, run => Assert.Equal(Enumerable.Range(1, run.Count()), run));
    }

    [UnixFact]
    public async Task Ctrl_C_stops_at_once_and_says_how_to_go_on()
    {
        using var tiny = new TinySweep();
        var home = tiny.Home("interrupted");
        // So many runs that the sweep cannot end before the signal arrives.
        using var process = SweepProcess.Start(home, "run", tiny.File, "--set", "run_cap=200", "--slots", "1", "--output", "json");
        Assert.True(process.WaitUntil(() => TinySweep.LogLength(home) > 6000), process.Errors);

        process.Interrupt();

        Assert.Equal(130, process.WaitForExit());
        var sweep = TinySweep.Only(home)!;
        Assert.Contains($"./sweep resume {sweep}", process.Errors, StringComparison.Ordinal);
        Assert.Contains("\"state\":\"interrupted\"", process.Output.TrimEnd().Split('\n')[^1], StringComparison.Ordinal);
        Assert.DoesNotContain(await TinySweep.LogAsync(home), logged => logged.Event is SweepEnded or RunLost);
        Assert.Equal(0, SweepProcess.Run(home, "resume", sweep, "--slots", "1").ExitCode);
        Assert.DoesNotContain(await TinySweep.LogAsync(home), logged => logged.Event is RunLost or EpochsWasted);
    }
}
