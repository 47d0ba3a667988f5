using Core.Tests.Support;
using Sweeps.Analysis;
using Sweeps.Core;
using Sweeps.Simulation;
using Sweeps.Training;

namespace Runtime.Tests.Analysis;

/// <summary>A confirmation trains the best runs again with fresh seeds; an audit finishes a sample of the stopped runs.</summary>
public class ReviewTests
{
    private static readonly SweepSpec plain = MachineBench.Spec() with { RunCap = 9, Epochs = 3, MaxEpochs = 3 };

    [Fact]
    public void A_confirmation_trains_each_of_the_best_with_the_same_fresh_seeds_and_splits_and_drops_what_is_worse()
    {
        var state = Sweep(plain, (run, _) => run.Number % 9, new SteerAction.Confirm(3, 6)).State;

        var confirming = state.Runs.Where(run => run.Confirms is not null).ToArray();
        Assert.Equal((SweepOutcome.Finished, 9), (state.Outcome, state.SearchedRuns.Count));
        Assert.Equal([0, 1, 2], state.Confirmation!.Runs);
        // Runs with the same seed have the same noise, so three seeds distinguish runs whose values differ by 1.
        Assert.Equal(9, confirming.Length);
        Assert.All(confirming.GroupBy(run => run.Repeat), pair => Assert.Single(pair.Select(run => (run.Seed, run.SplitOf(plain.Seed))).Distinct()));
        Assert.Equal(9 + 3, state.Runs.Select(run => run.Seed).Distinct().Count());
        var race = ConfirmationRace.Of(state, state.Confirmation);
        Assert.Equal(0, Assert.Single(race.Best).Run);
        Assert.Equal(0, state.Best!.Number);
    }

    [Fact]
    public void Runs_that_differ_less_than_their_seeds_cannot_be_told_apart_and_a_first_impression_shrinks()
    {
        // The values of the search are lower by chance than the true value 5.
        var state = Sweep(plain, (run, _) => run.Confirms is null ? run.Number : 5 + SplitMix64.Draw(run.Seed, (ulong)run.Confirms.Value, "noise") % 997 / 997.0,
            new SteerAction.Confirm(3, 5)).State;

        var race = ConfirmationRace.Of(state, state.Confirmation!);
        Assert.True(race.Best.Count > 1);
        Assert.All(race.Best, run => Assert.InRange(run.Shrinkage, 2.5, 6));
        Assert.All(race.Best, run => Assert.InRange(run.HalfWidth, 0.01, 2));
    }

    [Fact]
    public void A_confirmation_in_the_sweep_file_follows_the_search_outside_its_budget_and_its_target()
    {
        foreach (var spec in new[] { plain with { Budget = new Budget(Epochs: 12) }, plain with { Objective = plain.Objective with { Target = 2 } }, plain })
        {
            var state = Sweep(spec with { Confirm = new ConfirmSpec(2, 3) }, (run, _) => 8 - (run.Confirms ?? run.Number)).State;

            Assert.Equal(SweepOutcome.Finished, state.Outcome);
            Assert.Equal(6, state.Runs.Count(run => run is { Confirms: not null, State: RunState.Finished }));
            Assert.Equal(spec.Budget.Epochs is null ? spec.Objective.Target is null ? "ended" : "target" : "budget", state.EndReason!.Rule);
        }
    }

    [Fact]
    public void A_diverging_confirmation_loses_and_what_cannot_be_confirmed_is_refused()
    {
        var bench = new MachineBench(plain with { RunCap = 2 });
        Assert.Contains("follows its end", bench.Steer(new SteerAction.Confirm(3, 5)).Message, StringComparison.Ordinal);
        Finish(bench, (run, _) => run.Number);
        Assert.Contains("At least 3 seeds", bench.Steer(new SteerAction.Confirm(3, 2)).Message, StringComparison.Ordinal);
        Assert.Contains("there is nothing to audit", bench.Steer(new SteerAction.Audit(10)).Message, StringComparison.Ordinal);
        Assert.True(bench.Steer(new SteerAction.Confirm(2, 3)).Accepted);
        Assert.Contains("review", bench.Steer(new SteerAction.Change("x")).Message, StringComparison.Ordinal);
        Finish(bench, (run, _) => run.Confirms == 0 && run.Repeat == 1 ? double.NaN : run.Confirms ?? 0);

        Assert.Equal(1, Assert.Single(ConfirmationRace.Of(bench.State, bench.State.Confirmation!).Best).Run);
        var before = Describe(bench.State);
        bench.Restart();
        Assert.Equal(before, Describe(bench.State));
        Assert.Equal(before, Describe(SweepSnapshot.Read(_ => plain, SweepSnapshot.Write(bench.State))!));
    }

    [Fact]
    public void While_a_confirmation_runs_a_configuration_with_a_result_is_listed_before_one_without()
    {
        var bench = new MachineBench(plain with { RunCap = 2 });
        Finish(bench, (run, _) => run.Number);
        bench.Steer(new SteerAction.Confirm(2, 3));
        var (first, second) = (bench.One(), bench.One());
        for (var epoch = 1; epoch <= second.UntilEpoch; epoch++)
            bench.Report(second, epoch, 0.5);

        Assert.Equal(0, bench.State.Runs[first.Run].Confirms);
        Assert.Equal([(1, 1), (0, 0)], ConfirmationRace.Of(bench.State, bench.State.Confirmation!).Runs.Select(run => (run.Run, run.Count)));
    }

    [Fact]
    public void Confirming_runs_do_not_count_for_the_limit_of_the_searchs_runs()
    {
        var limited = plain with { RunCap = 4, Budget = new Budget(Epochs: 6) };
        var bench = new MachineBench(limited);
        Finish(bench, (run, _) => run.Number);
        bench.Steer(new SteerAction.Confirm(2, 3));
        Finish(bench, (run, _) => run.Confirms ?? 0);
        Assert.Equal((2, 8), (bench.State.SearchedRuns.Count, bench.State.Runs.Count));
        bench.Texts["same"] = limited;

        Assert.Equal("There is nothing more to do: 6 of 6 epochs are used.", bench.Steer(new SteerAction.Change("same")).Message);
    }

    [Fact]
    public void A_coordinator_that_restarts_goes_on_with_the_review()
    {
        var bench = new MachineBench(plain with { RunCap = 3 });
        Finish(bench, (run, _) => run.Number);
        bench.Steer(new SteerAction.Confirm(2, 3));
        var one = bench.One();
        Assert.NotNull(one.Split);
        bench.Report(one, 1, 0.5);
        bench.Restart();
        bench.Report(one, 2, 0.5);
        bench.Report(one, 3, 0.5);
        Finish(bench, (run, _) => run.Confirms ?? 0);
        Assert.Equal((SweepOutcome.Finished, 6), (bench.State.Outcome, bench.State.Runs.Count(run => run is { Confirms: not null, State: RunState.Finished })));
    }

    [Fact]
    public void An_audit_finishes_a_sample_of_the_stopped_runs_and_the_search_goes_on_as_before_after_both()
    {
        var asha = plain with { RunCap = 27, Epochs = 9, MaxEpochs = 9, Rules = [MachineBench.Asha(1, 9, 3)] };
        // Run 20 has bad values at first and the best one at the end.
        double Value(SweepRun run, int epoch) => run.Number == 20 && epoch > 5 ? -50 : run.Number + 1.0 / epoch;
        var bench = new MachineBench(asha);
        Finish(bench, Value);
        var stopped = bench.State.StoppedEarly.Count();
        Assert.True(bench.Steer(new SteerAction.Audit(1_000)).Accepted);
        Finish(bench, Value);

        var audit = AuditEstimate.Of(bench.State)!;
        Assert.Equal((stopped, stopped, 1, 1, 1), (audit.Stopped, audit.Finished, audit.Better, audit.FewestBetter, audit.MostBetter));
        Assert.Equal((20, SweepOutcome.Finished), (bench.State.Best!.Number, bench.State.Outcome));
        Assert.InRange(audit.Loss, 50, 51);
        bench.Steer(new SteerAction.Confirm(2, 3));
        Finish(bench, (run, epoch) => run.Confirms is { } other ? other : Value(run, epoch));
        bench.Texts["more"] = asha with { RunCap = 30 };
        Assert.True(bench.Steer(new SteerAction.Change("more")).Accepted);
        Finish(bench, Value);
        Assert.Equal(30, bench.State.SearchedRuns.Count);
    }

    [Fact]
    public void The_interval_of_how_many_were_better_is_exact()
    {
        Assert.Equal((0, 0), AuditEstimate.Interval(10, 10, 0));
        Assert.Equal((1, 1), AuditEstimate.Interval(10, 10, 1));
        var (fewest, most) = AuditEstimate.Interval(100, 20, 1);
        Assert.Equal(1, fewest);
        Assert.InRange(most, 18, 24);
    }

    private static VirtualResult Sweep(SweepSpec spec, Func<SweepRun, int, double> value, params SteerAction[] reviews) => VirtualSweep.Run(
        spec, (run, epoch) => new EpochReport(epoch, new Dictionary<string, double> { ["loss"] = value(run, epoch) }, 1), 2,
        _ => new MachineBench.Counting(), reviews: reviews);

    private static void Finish(MachineBench bench, Func<SweepRun, int, double> value)
    {
        while (bench.Ask("a", 1, bench.Held("a")).Assignments is [var work])
            for (var epoch = work.RecordedEpoch + 1; epoch <= work.UntilEpoch; epoch++)
                if (bench.Report(work, epoch, value(bench.State.Runs[work.Run], epoch)).Verdict != Verdict.Continue)
                    break;
    }

    private static string Describe(SweepState state) => string.Join('\n', state.Runs.Select(run => $"{run.Number} {run.State} {run.Epoch} {run.Best} {run.Confirms} {run.Repeat}"))
        + $"{state.Outcome} {state.SearchedRuns.Count} {string.Join(' ', state.Confirmation?.Runs ?? [])} {state.Confirmation?.Active} {state.EpochsRecorded}";
}
