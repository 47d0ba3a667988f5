using Core.Tests.Support;
using Sweeps.Core;
using Sweeps.Core.Search;
using Sweeps.Core.Space;

namespace Core.Tests.Machine;

/// <summary>The creation of runs: caps, budgets, grids, equal configurations, failures.</summary>
public class ConstructionTests
{
    [Fact]
    public void Equal_proposals_are_drawn_again_and_after_a_hundred_draws_accepted_with_a_note()
    {
        var draws = new List<(int Index, int Attempt)>();
        var bench = new MachineBench(MachineBench.Spec(), new MachineBench.Counting(point: (index, attempt) =>
        {
            draws.Add((index, attempt));
            return index == 1 && attempt == 2 ? 7 : 0;
        }));
        Assert.Equal("n=0", bench.One().Configuration.ToString());
        Assert.Equal("n=7", bench.One().Configuration.ToString());
        Assert.Equal([(0, 0), (1, 0), (1, 1), (1, 2)], draws);
        Assert.Equal("n=0", bench.One().Configuration.ToString());
        Assert.Equal(4 + 100, draws.Count);
        Assert.Contains("equals run 0", bench.State.Runs[2].Note, StringComparison.Ordinal);
    }

    [Fact]
    public void A_space_that_is_used_up_ends_the_sweep_like_a_grid()
    {
        var space = new SearchSpace([Parameter("n", new IntUniform(1, 4)), Parameter("q", new Quantized(new Uniform(2, 10), 5, Integer: true))]);
        var odd = new Constraint("n != 2", new Expression.Compare(Comparison.NotEqual, new Expression.Name("n"), new Expression.Literal(new Value.Integer(2))));
        foreach (var method in new[] { SearchMethod.Random, SearchMethod.Sobol, SearchMethod.Halton, SearchMethod.Tpe, SearchMethod.Bayes })
        {
            var spec = MachineBench.Spec() with { Method = method, Space = space, Epochs = 1, MaxEpochs = 1, RunCap = 40, Constraints = [odd] };
            var bench = new MachineBench(spec, SearchFactory.Create(spec));
            while (bench.Ask("a", 1).Assignments is [var work])
                bench.Report(work, 1, work.Run % 5);
            Assert.Equal((method, 9, SweepOutcome.Finished), (method, bench.State.Runs.Count, bench.State.Outcome));
            Assert.Equal(9, bench.State.Runs.Select(run => run.Configuration).Distinct().Count());
            Assert.Equal(["2", "5", "10"], bench.State.Runs.Select(run => run.Configuration["q"]!.ToString()).Distinct().OrderBy(int.Parse));
        }
    }

    [Fact]
    public void A_constraint_that_nothing_satisfies_ends_the_sweep_as_failed_and_is_named()
    {
        foreach (var (method, distribution) in new (SearchMethod, Distribution)[]
            { (SearchMethod.Random, new Uniform(0, 1)), (SearchMethod.Random, new IntUniform(0, 1)), (SearchMethod.Tpe, new Uniform(0, 1)), (SearchMethod.Grid, new IntUniform(0, 1)) })
        {
            var impossible = new Constraint("n > 3", new Expression.Compare(Comparison.Greater, new Expression.Name("n"), new Expression.Literal(new Value.Integer(3))));
            var spec = MachineBench.Spec() with { Method = method, Space = new SearchSpace([Parameter("n", distribution)]), RunCap = 5, Constraints = [impossible] };
            var bench = new MachineBench(spec, SearchFactory.Create(spec));
            Assert.Empty(bench.Ask("a", 1).Assignments);
            Assert.Equal((SweepOutcome.Failed, "search"), (bench.State.Outcome, bench.State.EndReason!.Rule));
            Assert.Contains("'n > 3'", bench.State.EndReason.Detail, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void An_exception_in_a_search_ends_the_sweep_with_its_message_after_the_running_runs()
    {
        foreach (var aside in new[] { false, true })
        {
            var bench = new MachineBench(MachineBench.Spec() with { Epochs = 1, MaxEpochs = 1 }, new Throwing(after: 2), new MachineOptions { ProposeAside = aside });
            var first = Ask(bench);
            var second = Ask(bench);
            Assert.Null(Ask(bench));
            bench.Report(first!, 1, 0.5);
            Assert.Equal(SweepStatus.Running, bench.State.Status);
            bench.Report(second!, 1, 0.4);
            Assert.Equal((SweepOutcome.Failed, 2), (bench.State.Outcome, bench.State.Runs.Count));
            Assert.Contains("the matrix is singular", bench.State.EndReason!.Detail, StringComparison.Ordinal);
        }

        static Assignment? Ask(MachineBench bench)
        {
            var reply = bench.Ask("a", 1, bench.Held("a"));
            if (bench.Machine.Wanted is not { } wanted)
                return reply.Assignments.SingleOrDefault();
            wanted.Make();
            bench.Machine.Offer(wanted);
            return bench.Ask("a", 1, bench.Held("a")).Assignments.SingleOrDefault();
        }
    }

    [Fact]
    public void A_sweep_in_which_every_run_diverges_or_fails_has_failed_for_the_reason_of_the_first()
    {
        var bench = new MachineBench(MachineBench.Spec() with { RunCap = 2 });
        var (first, second) = (bench.One(), bench.One());
        bench.Report(first, 1, double.NaN, "the loss is NaN");
        bench.Send(new FailRun("a", second.Run, second.Generation, "no memory", Permanent: true));
        Assert.Equal(SweepOutcome.Failed, bench.State.Outcome);
        Assert.Contains("run 0 diverged: the loss is NaN", bench.State.EndReason!.Detail, StringComparison.Ordinal);
    }

    private static Parameter Parameter(string name, Distribution distribution) => new(name, distribution, new Dictionary<string, IReadOnlyList<Value>>());

    /// <summary>Throws from proposal <paramref name="after"/> on.</summary>
    private sealed class Throwing(int after) : ISearch
    {
        public long? Size => null;

        public bool FitsModel => true;

        public Suggestion? Propose(int index, int attempt, IHistory history) => index < after
            ? new Suggestion(new Configuration([new("n", new Value.Integer(index))]))
            : throw new ArithmeticException("the matrix is singular");
    }

    [Fact]
    public void A_grid_passes_over_points_that_were_enqueued_and_ends_with_its_last()
    {
        var bench = new MachineBench(
            MachineBench.Spec() with { Epochs = 1, Enqueue = [new Configuration([new("n", new Value.Integer(1))])] }, new MachineBench.Counting(3));
        var order = new List<string>();
        while (bench.Ask("a", 1).Assignments is [var work])
        {
            order.Add(work.Configuration.ToString());
            bench.Report(work, 1, 0.5);
        }
        Assert.Equal(["n=1", "n=0", "n=2"], order);
        Assert.Equal(SweepOutcome.Finished, bench.State.Outcome);
    }

    [Fact]
    public void Training_seeds_are_those_of_the_published_draws()
    {
        var bench = new MachineBench(MachineBench.Spec());
        Assert.Equal(0x79b4bf4273bf7978ul, bench.One().Seed);
        Assert.Equal(0x59e3e13e376053c4ul, bench.One().Seed);
    }

    [Fact]
    public void A_budget_of_epochs_ends_the_sweep_with_the_epoch_that_uses_it_up()
    {
        var bench = new MachineBench(MachineBench.Spec() with { Budget = new Budget(Epochs: 3) });
        var (first, second) = (bench.One(), bench.One());
        bench.Report(first, 1, 0.5);
        bench.Report(second, 1, 0.4);
        Assert.Equal(SweepStatus.Running, bench.State.Status);
        bench.Report(first, 2, 0.3);
        Assert.Equal((SweepStatus.Ended, "budget"), (bench.State.Status, bench.State.EndReason!.Rule));
        Assert.Equal(3, bench.State.EpochsRecorded);
        Assert.Equal(Verdict.Stop, bench.Report(second, 2, 0.1).Verdict);
    }

    [Fact]
    public void Wall_time_counts_only_while_runs_are_assigned()
    {
        var bench = new MachineBench(MachineBench.Spec() with { Budget = new Budget(WallTime: TimeSpan.FromMinutes(10)) });
        var work = bench.One();
        bench.At += TimeSpan.FromMinutes(6);
        bench.Send(new ReleaseRun("a", work.Run, work.Generation));
        bench.At += TimeSpan.FromHours(8);
        work = bench.One();
        bench.At += TimeSpan.FromMinutes(3);
        bench.Ask("a", 0, new RunLease(work.Run, work.Generation));
        Assert.Equal(SweepStatus.Running, bench.State.Status);
        bench.At += TimeSpan.FromMinutes(1);
        bench.Ask("a", 0, new RunLease(work.Run, work.Generation));
        Assert.Equal(SweepStatus.Ended, bench.State.Status);
    }

    [Fact]
    public void A_target_that_is_reached_ends_the_sweep()
    {
        var bench = new MachineBench(MachineBench.Spec() with { Objective = new Objective("loss", Goal.Minimize, Target: 0.1) });
        var (first, _) = (bench.One(), bench.One());
        Assert.Equal(Verdict.Stop, bench.Report(first, 1, 0.1).Verdict);
        Assert.Equal((SweepStatus.Ended, "target"), (bench.State.Status, bench.State.EndReason!.Rule));
        Assert.Equal((RunState.Finished, RunState.Stopped), (bench.State.Runs[0].State, bench.State.Runs[1].State));
    }

    [Fact]
    public void A_report_without_the_objective_fails_its_run_for_good_and_says_what_it_has()
    {
        var bench = new MachineBench(MachineBench.Spec());
        var work = bench.One();
        var reply = bench.Send(new ReportEpoch("a", work.Run, work.Generation, 1, new Dictionary<string, double> { ["acc"] = 1 }, 1));
        Assert.Equal(Verdict.Stop, reply.Verdict);
        var failed = Assert.Single(bench.Events<RunFailed>());
        Assert.True(failed.Permanent);
        Assert.Contains("'loss'", failed.Error, StringComparison.Ordinal);
        Assert.Contains("acc", failed.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_fails_three_times_in_a_row_has_failed_for_good()
    {
        var bench = new MachineBench(MachineBench.Spec() with { RunCap = 1 });
        for (var i = 0; i < 3; i++)
        {
            var work = bench.One();
            bench.Send(new FailRun("a", work.Run, work.Generation, "no memory", Permanent: false));
        }
        Assert.Equal(RunState.Failed, bench.State.Runs[0].State);
        Assert.Equal(SweepOutcome.Failed, bench.State.Outcome);
    }

    [Fact]
    public void Checkpoints_are_kept_for_the_best_and_for_whoever_may_go_on()
    {
        var bench = new MachineBench(MachineBench.Spec(MachineBench.Asha(1, 3, 3)) with { RunCap = 6 }, options: new MachineOptions { KeepBest = 1 });
        var disposable = new List<int>();
        while (bench.Ask("a", 1).Assignments is [var work])
        {
            for (var epoch = work.RecordedEpoch + 1; bench.Report(work, epoch, work.Run + (1.0 / epoch)).Verdict == Verdict.Continue; epoch++)
                Assert.True(epoch < 9);
            disposable.AddRange(bench.Machine.TakeDisposable());
        }
        Assert.Equal([1, 2, 3, 4, 5], disposable.Order());
        Assert.Empty(bench.Machine.TakeDisposable());
    }

    [Fact]
    public void A_sampler_sees_every_run_with_what_has_become_of_it()
    {
        var search = new Watching();
        var bench = new MachineBench(MachineBench.Spec(MachineBench.Asha(1, 9, 3)), search);
        bench.Report(bench.One(), 1, 0.5);
        bench.Report(bench.One(), 1, double.NaN);
        bench.One();
        bench.One();
        Assert.Equal("0 Pruned@1 0.5 [1=0.5] · 1 Pruned@1 ∞ [1=∞] · 2 Running@0 NaN []", search.Last);
    }

    private sealed class Watching : ISearch
    {
        public string Last { get; private set; } = "";

        public long? Size => null;

        public Suggestion? Propose(int index, int attempt, IHistory history)
        {
            Last = string.Join(" · ", history.Observations.Select(seen => FormattableString.Invariant(
                $"{seen.Run} {seen.Kind}@{seen.Epoch} {seen.Value} [{string.Join(' ', seen.AtRungs.Select(rung => FormattableString.Invariant($"{rung.Epoch}={rung.Value}")))}]")))
                .Replace("Infinity", "∞", StringComparison.Ordinal);
            return new Suggestion(new Configuration([new("n", new Value.Integer(index + attempt))]));
        }
    }
}
