using Sweeps.Core;
using Sweeps.Core.Rules;
using Sweeps.Simulation;
using Sweeps.Tests.Core;
using Sweeps.Training;

namespace Sweeps.Tests.Simulation;

public class VirtualSweepTests
{
    public static TheoryData<string> Rules => ["asha", "successive_halving", "hyperband_brackets"];

    [Theory]
    [MemberData(nameof(Rules))]
    public void Every_idle_slot_asks_in_every_tick(string rule)
    {
        foreach (var slots in new[] { 1, 2, 3, 5, 8, 40 })
            foreach (var runs in new[] { 1, 4, 10, 23 })
            {
                var spec = MachineBench.Spec() with { RunCap = runs, Rules = [Rule(rule)] };
                Assert.Equal(Plainly(spec, slots), VirtualSweep.Run(spec, Train, slots, _ => new MachineBench.Counting(), keepLog: true).Log.Select(Line));
            }
    }

    private static RuleSpec Rule(string rule) => rule switch
    {
        "asha" => MachineBench.Asha(2, 9, 2),
        "successive_halving" => new SuccessiveHalvingSpec(2, 9, 2),
        _ => new SuccessiveHalvingSpec(2, 9, 2, AllBrackets: true),
    };

    /// <summary>The clock of the benchmark word for word: what the simulator may not differ from.</summary>
    private static List<string> Plainly(SweepSpec spec, int slots)
    {
        var machine = new SweepMachine(_ => spec, _ => new MachineBench.Counting(), new MachineOptions());
        var log = new List<LoggedEvent> { new(1, DateTimeOffset.UnixEpoch, new SweepCreated("virtual", "", "virtual")) };
        machine.Apply(log[0]);
        var work = new Assignment?[slots];
        for (var tick = 0; machine.State.Status != SweepStatus.Ended; tick++)
            for (var slot = 0; slot < slots && machine.State.Status != SweepStatus.Ended; slot++)
            {
                var at = DateTimeOffset.UnixEpoch.AddSeconds(tick);
                work[slot] ??= machine.Decide(new RequestWork($"slot{slot}", 1, []), at, log).Assignments.SingleOrDefault();
                if (work[slot] is not { } job)
                    continue;
                var run = machine.State.Runs[job.Run];
                var epoch = Train(run, run.Epoch + 1);
                var report = new ReportEpoch($"slot{slot}", job.Run, job.Generation, epoch.Epoch, epoch.Metrics, epoch.Seconds);
                if (machine.Decide(report, at, log).Verdict != Verdict.Continue)
                    work[slot] = null;
            }
        return [.. log.Select(Line)];
    }

    private static EpochReport Train(SweepRun run, int epoch) =>
        new(epoch, new Dictionary<string, double> { ["loss"] = (run.Number * 7 % 11) + (1.0 / epoch) }, 1);

    private static string Line(LoggedEvent logged) => $"{logged.Seq} {logged.At:O} {logged.Event}";
}
