using Core.Tests.Support;
using Sweeps.Core;
using Sweeps.Core.Rules;
using Sweeps.Core.Search;
using Sweeps.Simulation;
using Sweeps.Training;

namespace Runtime.Tests.Simulation;

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
                foreach (var inTurn in new[] { true, false })
                    Assert.Equal(
                        Plainly(spec, slots, inTurn),
                        VirtualSweep.Run(spec, Train, slots, _ => new MachineBench.Counting(), keepLog: true, inTurn: inTurn).Log.Select(Line));
            }
    }

    private static RuleSpec Rule(string rule) => rule switch
    {
        "asha" => MachineBench.Asha(2, 9, 2),
        "successive_halving" => new SuccessiveHalvingSpec(2, 9, 2),
        _ => new SuccessiveHalvingSpec(2, 9, 2, AllBrackets: true),
    };

    [Fact]
    public void No_run_is_proposed_with_the_results_of_its_own_tick()
    {
        var search = new Seeing();
        VirtualSweep.Run(MachineBench.Spec() with { Epochs = 1, MaxEpochs = 1, RunCap = 12 }, Train, 4, _ => search);
        Assert.Equal([0, 0, 0, 0, 4, 4, 4, 4, 8, 8, 8, 8], search.Finished);
    }

    [Fact]
    public void A_budget_of_time_counts_the_ticks_in_which_a_slot_trains()
    {
        var spec = MachineBench.Spec() with { Epochs = 1, MaxEpochs = 1, RunCap = 3000, Budget = new Budget(WallTime: TimeSpan.FromSeconds(100)) };
        // The first report of the last tick exhausts the budget and ends the sweep.
        foreach (var slots in new[] { 1, 4 })
            Assert.Equal(99 * slots + 1, VirtualSweep.Run(spec, Train, slots, _ => new MachineBench.Counting()).State.EpochsRecorded);
    }

    /// <summary>Records the number of ended runs at each proposal.</summary>
    private sealed class Seeing : ISearch
    {
        public List<int> Finished { get; } = [];

        public long? Size => null;

        public Suggestion? Propose(int index, int attempt, IHistory history)
        {
            Finished.Add(history.Observations.Count(observation => observation.Kind == ObservationKind.Completed));
            return new Suggestion(new Configuration([new("n", new Value.Integer(index))]));
        }
    }

    /// <summary>A direct implementation of the two clocks, which the simulator must match.</summary>
    private static List<string> Plainly(SweepSpec spec, int slots, bool inTurn)
    {
        var machine = new SweepMachine(_ => spec, _ => new MachineBench.Counting(), new MachineOptions());
        var log = new List<LoggedEvent> { new(1, DateTimeOffset.UnixEpoch, new SweepCreated("virtual", "", "virtual")) };
        machine.Apply(log[0]);
        var work = new Assignment?[slots];
        for (var tick = 0; machine.State.Status != SweepStatus.Ended; tick++)
        {
            var (begins, ends) = (DateTimeOffset.UnixEpoch.AddSeconds(tick), DateTimeOffset.UnixEpoch.AddSeconds(inTurn ? tick : tick + 1));
            for (var slot = 0; slot < slots && !inTurn && machine.State.Status != SweepStatus.Ended; slot++)
                Ask(slot);
            for (var slot = 0; slot < slots && machine.State.Status != SweepStatus.Ended; slot++)
            {
                if (inTurn)
                    Ask(slot);
                if (work[slot] is not { } job)
                    continue;
                var run = machine.State.Runs[job.Run];
                var epoch = Train(run, run.Epoch + 1);
                var report = new ReportEpoch($"slot{slot}", job.Run, job.Generation, epoch.Epoch, epoch.Metrics, epoch.Seconds);
                if (machine.Decide(report, ends, log).Verdict != Verdict.Continue)
                    work[slot] = null;
            }

            void Ask(int slot) =>
                work[slot] ??= machine.Decide(new RequestWork($"slot{slot}", 1, []), begins, log).Assignments.SingleOrDefault();
        }
        return [.. log.Select(Line)];
    }

    private static EpochReport Train(SweepRun run, int epoch) =>
        new(epoch, new Dictionary<string, double> { ["loss"] = (run.Number * 7 % 11) + (1.0 / epoch) }, 1);

    private static string Line(LoggedEvent logged) => $"{logged.Seq} {logged.At:O} {logged.Event}";
}
