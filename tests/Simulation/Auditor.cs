using Sweeps.Core;
using Sweeps.Core.Rules;

namespace Simulation;

/// <summary>Thrown when a schedule violates an invariant.</summary>
internal sealed class InvariantException(string what) : Exception(what);

/// <summary>
/// Checks every event that is appended to the log against a second, simple implementation of the rules, without indexes and without code of
/// the sweep machine.
/// </summary>
internal sealed class Auditor(Scenario scenario, CheckpointShelf shelf)
{
    private SweepSpec spec = scenario.Spec;
    private readonly List<Seen> runs = [];
    private readonly HashSet<(int Run, int Epoch)> promotions = [];
    private readonly HashSet<(int Run, int Epoch)> tested = [];
    private bool ended, testable;

    /// <summary>Whether the sweep has ended and its best weights have been evaluated on the test part.</summary>
    public bool Done => ended && (!testable || Best() is not { } best || tested.Contains(best));

    public IReadOnlyList<Seen> Runs => runs;

    public void Check(SweepEvent fact)
    {
        Require(!ended || fact is SweepSteered { Action: SteerAction.Change or SteerAction.TestRun } or TestEvaluated, $"{fact} after the sweep ended");
        switch (fact)
        {
            case SweepSteered { Action: SteerAction.Change change }:
                Changed(scenario.Read(change.Spec));
                break;
            case RunCreated created:
                Require(created.Run == runs.Count, $"run {created.Run} created as number {runs.Count}");
                Require(spec.RunCap is not { } cap || runs.Count < cap, "more runs than run_cap");
                runs.Add(new Seen());
                break;
            case RunAssigned assigned:
                Assigned(runs[assigned.Run], assigned);
                break;
            case EpochRecorded recorded:
                Recorded(runs[recorded.Run], recorded);
                break;
            case RunPromoted promoted:
                Promoted(promoted);
                break;
            case RunPaused paused:
                runs[paused.Run].Assigned = false;
                Require(shelf.Epoch(paused.Run) >= runs[paused.Run].Values.Count, $"run {paused.Run} paused without a checkpoint");
                break;
            case RunLost lost:
                Leaves(lost.Run, lost.Generation);
                break;
            case RunReleased released:
                Leaves(released.Run, released.Generation);
                break;
            case RunFailed failed:
                Leaves(failed.Run, failed.Generation);
                Over(failed.Run, failed.Permanent, failure: true);
                break;
            case RunStopped stopped:
                Over(stopped.Run, final: stopped.Reason.Rule != "asha");
                break;
            case RunFinished finished:
                Over(finished.Run);
                break;
            case RunDiverged diverged:
                Over(diverged.Run, failure: true);
                break;
            case TestEvaluated test:
                Require(ended && testable && Best() == (test.Run, test.Epoch), $"{test} is not about the best weights, {Best()}");
                Require(tested.Add((test.Run, test.Epoch)), $"{test} is recorded twice");
                break;
            case SweepEnded over:
                (ended, testable) = (true, over.Outcome is SweepOutcome.Finished or SweepOutcome.Stopped);
                runs.ForEach(run => run.Assigned = false);
                break;
        }
        Require(spec.Slots.MaxSlots is not { } most || runs.Count(run => run.Assigned) <= most, "more slots than allowed are used");
    }

    /// <summary>The run and the first epoch with the lowest value; of equal runs the lowest number. Null without a finite value.</summary>
    private (int Run, int Epoch)? Best()
    {
        var all = runs.SelectMany((run, number) => run.Values.Select((value, i) => (Value: value, Run: number, Epoch: i + 1)))
            .Where(one => double.IsFinite(one.Value)).ToList();
        return all.Count == 0 ? null : all.OrderBy(one => one.Value).ThenBy(one => one.Run).ThenBy(one => one.Epoch).Select(one => (one.Run, one.Epoch)).First();
    }

    /// <summary>
    /// Recomputes rungs and promotions after a change of the sweep file; runs that waited or finished early may continue.
    /// </summary>
    private void Changed(SweepSpec changed)
    {
        (spec, ended) = (changed, false);
        promotions.Clear();
        foreach (var run in runs)
            run.Over &= run.Final;
    }

    private static void Assigned(Seen run, RunAssigned assigned)
    {
        Require(!run.Assigned, $"run {assigned.Run} has two live generations");
        Require(!run.Over, $"run {assigned.Run} was over and is assigned");
        Require(assigned.Generation == run.Generation + 1, $"generation {assigned.Generation} of run {assigned.Run} follows {run.Generation}");
        Require(assigned.UntilEpoch > run.Values.Count, $"run {assigned.Run} has nothing to train until {assigned.UntilEpoch}");
        (run.Assigned, run.Generation, run.Until) = (true, assigned.Generation, assigned.UntilEpoch);
    }

    private static void Recorded(Seen run, EpochRecorded recorded)
    {
        Require(run.Assigned && run.Generation == recorded.Generation, $"run {recorded.Run} is recorded under generation {recorded.Generation}");
        Require(recorded.Epoch == run.Values.Count + 1, $"epoch {recorded.Epoch} of run {recorded.Run} follows {run.Values.Count}");
        Require(recorded.Epoch <= run.Until, $"epoch {recorded.Epoch} of run {recorded.Run} is beyond {run.Until}");
        var value = recorded.Metrics["loss"];
        run.Values.Add(double.IsFinite(value) ? value : double.PositiveInfinity);
        if (recorded.Verdict != Verdict.Continue)
            run.Assigned = false;
    }

    private void Promoted(RunPromoted promoted)
    {
        var run = runs[promoted.Run];
        Require(!run.Assigned && (!run.Over || promoted.Reason.Rule == "person"), $"run {promoted.Run} is promoted while it trains or after its end");
        run.Over = false;
        if (promoted.Reason.Rule is not "asha" || spec.Rules[0] is not AshaSpec { Eta: var eta })
            return;
        var rung = promoted.Reason.Rung!.Value;
        Require(run.Values.Count >= rung, $"run {promoted.Run} is promoted from rung {rung} at epoch {run.Values.Count}");
        Require(promotions.Add((promoted.Run, rung)), $"run {promoted.Run} is promoted twice from rung {rung}");
        var arrived = Enumerable.Range(0, runs.Count).Where(i => runs[i].AtRung(rung, Below(rung))).ToList();
        var best = arrived.OrderBy(i => runs[i].Value(rung)).ThenBy(i => i).Take(arrived.Count / eta).ToList();
        Require(best.Contains(promoted.Run), $"run {promoted.Run} is not among the best {arrived.Count}/{eta} of rung {rung}");
    }

    /// <summary>The next lower rung, or 0.</summary>
    private int Below(int rung)
    {
        var (below, next) = (0, ((AshaSpec)spec.Rules[0]).MinIter);
        for (; next < rung; next *= ((AshaSpec)spec.Rules[0]).Eta)
            below = next;
        return below;
    }

    private void Leaves(int run, int generation)
    {
        Require(runs[run].Assigned && runs[run].Generation == generation, $"run {run} leaves generation {generation}, which it does not have");
        runs[run].Assigned = false;
    }

    private void Over(int run, bool over = true, bool failure = false, bool final = true)
    {
        Require(!runs[run].Over, $"run {run} ends twice");
        runs[run].Final = over && final;
        (runs[run].Over, runs[run].Failed) = (over, over && failure);
        if (over)
            runs[run].Assigned = false;
    }

    private static void Require(bool holds, string what)
    {
        if (!holds)
            throw new InvariantException(what);
    }

    /// <summary>A run as recorded in the log.</summary>
    internal sealed class Seen
    {
        public List<double> Values { get; } = [];

        public int Generation { get; set; }

        public int Until { get; set; }

        public bool Assigned { get; set; }

        public bool Over { get; set; }

        public bool Failed { get; set; }

        /// <summary>Whether the run has ended permanently, for any change of the sweep file.</summary>
        public bool Final { get; set; }

        /// <summary>Whether it has a value at a rung: its own, or +∞ because it failed after the rung below.</summary>
        public bool AtRung(int rung, int below) => Values.Count >= rung || (Failed && Values.Count >= below && FailedOnTheWay(below));

        public double Value(int rung) => Values.Count >= rung ? Values[rung - 1] : double.PositiveInfinity;

        private bool FailedOnTheWay(int below) => below == 0 || Values.Count > below || Values[^1] < double.PositiveInfinity;
    }
}
