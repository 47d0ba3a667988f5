using System.Globalization;
using Sweeps.Core;

namespace Cluster.Harness;

/// <summary>
/// Measures the time from SIGKILL of a silo until its runs train on another silo. It prints numbers and is not a test. Epochs recorded
/// after the last checkpoint are trained again before a new epoch appears in the log; the time until then is a third number.
/// </summary>
internal static class RecoveryTime
{
    /// <summary>Repeatedly kills one of three silos, which have twice the slots that the runs need.</summary>
    public static async Task MeasureAsync(int kills, TextWriter output)
    {
        using var samples = new Samples();
        await using var cluster = await ClusterHarness.StartAsync(silos: 3, slots: 2);
        var sweep = await cluster.SubmitAsync(samples.Endless(runs: 3));
        var random = new Random(1);
        var times = new List<double>();
        while (times.Count < kills)
        {
            var (victim, held) = await ChooseAsync(cluster, sweep, random);
            var killed = DateTimeOffset.UtcNow;
            await victim.KillAsync();
            var events = await cluster.UntilAsync(sweep, "the killed silo's run trains elsewhere", events => Continued(events, held) is not null);
            times.Add(Seconds<RunAssigned>(given => given.Run == held.Run && given.Generation > held.Generation));
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{times.Count,3}  lost after {Seconds<RunLost>(lost => lost.Run == held.Run && lost.Generation == held.Generation):0.00} s, training elsewhere after {times[^1]:0.00} s, beyond what was recorded after {(Continued(events, held)!.At - killed).TotalSeconds:0.00} s"));

            double Seconds<T>(Func<T, bool> of) where T : SweepEvent =>
                (events.First(logged => logged.Event is T fact && of(fact)).At - killed).TotalSeconds;
            await victim.StartAsync();
            await victim.ReadyAsync();
        }
        times.Sort();
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"kill -9 until training elsewhere, {kills} kills: median {times[kills / 2]:0.00} s, largest {times[^1]:0.00} s"));
    }

    /// <summary>Chooses a silo that trains. Returns it with one of its assignments.</summary>
    private static async Task<(SiloNode Silo, RunAssigned Held)> ChooseAsync(ClusterHarness cluster, string sweep, Random random)
    {
        var events = await cluster.UntilAsync(sweep, "three runs train", seen => Training(seen).Count == 3);
        var held = Training(events)[random.Next(3)];
        return (cluster.SiloOf(held), held);
    }

    /// <summary>The open assignments with at least one recorded epoch.</summary>
    private static List<RunAssigned> Training(IReadOnlyList<LoggedEvent> events)
    {
        var epochs = events.Epochs().Select(epoch => (epoch.Run, epoch.Generation)).ToHashSet();
        return [.. events.Facts<RunAssigned>().GroupBy(run => run.Run).Select(run => run.Last())
            .Where(run => epochs.Contains((run.Run, run.Generation)) && !events.Facts<RunLost>().Any(lost => (lost.Run, lost.Generation) == (run.Run, run.Generation)))];
    }

    private static LoggedEvent? Continued(IReadOnlyList<LoggedEvent> events, RunAssigned held) => events.FirstOrDefault(
        logged => logged.Event is EpochRecorded epoch && epoch.Run == held.Run && epoch.Generation > held.Generation);
}
