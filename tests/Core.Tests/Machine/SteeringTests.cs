using Core.Tests.Support;
using Sweeps.Core;
using Sweeps.Core.Rules;
using Sweeps.Core.Search;

namespace Core.Tests.Machine;

public class SteeringTests
{
    private static readonly RuleSpec R9 = MachineBench.Asha(1, 9, 3);

    [Fact]
    public void A_run_that_ended_by_itself_does_not_go_on_after_an_extension()
    {
        var bench = new MachineBench(MachineBench.Spec() with { RunCap = 1 });
        var work = bench.One();
        bench.Send(new ReportEpoch("a", work.Run, work.Generation, 1, new Dictionary<string, double> { ["loss"] = 0.5 }, 1, Last: true));
        Assert.Equal(SweepStatus.Ended, bench.State.Status);
        bench.Texts["more"] = MachineBench.Spec() with { RunCap = 2 };

        Assert.True(bench.Steer(new SteerAction.Change("more")).Accepted);

        Assert.Equal(RunState.Finished, bench.State.Runs[0].State);
        Assert.Equal(1, bench.One().Run);
    }

    [Fact]
    public void A_run_is_never_beyond_its_last_epoch_after_a_file_with_fewer()
    {
        var bench = new MachineBench(MachineBench.Spec() with { RunCap = 1, Epochs = 9, MaxEpochs = 9 });
        var work = bench.One();
        for (var epoch = 1; epoch <= 3; epoch++)
            bench.Report(work, epoch, 0.5);
        bench.Texts["shorter"] = MachineBench.Spec() with { RunCap = 1, Epochs = 3, MaxEpochs = 3 };

        Assert.True(bench.Steer(new SteerAction.Change("shorter")).Accepted);
        bench.Report(work, 4, 0.4);

        Assert.Equal((4, 4), (bench.State.Runs[0].Epoch, bench.State.Runs[0].MaxEpochs));
    }

    [Fact]
    public void A_change_to_the_same_sweep_file_says_so_and_is_no_event()
    {
        var bench = new MachineBench(MachineBench.Spec());
        bench.Texts["more"] = MachineBench.Spec() with { RunCap = 2 };
        Assert.Equal("The sweep goes on with the new file.", bench.Steer(new SteerAction.Change("more")).Message);
        var events = bench.State.Seq;

        var again = bench.Steer(new SteerAction.Change("more"));

        Assert.Equal((true, "The sweep file has these values already: nothing changes."), (again.Accepted, again.Message));
        Assert.Equal(events, bench.State.Seq);
    }

    [Fact]
    public void A_refused_command_says_that_the_run_cannot_be_what_was_asked()
    {
        var bench = new MachineBench(MachineBench.Spec());
        bench.One();
        bench.Steer(new SteerAction.PinRun(0));
        Assert.Equal("Run 0 cannot be pinned: it is running and is pinned already.", bench.Steer(new SteerAction.PinRun(0)).Message);
        Assert.Equal("Run 0 cannot be promoted: it is running and is pinned already.", bench.Steer(new SteerAction.PromoteRun(0)).Message);
    }

    [Fact]
    public void A_paused_sweep_starts_nothing_but_judges_what_runs()
    {
        var bench = new MachineBench(MachineBench.Spec());
        var work = bench.One();
        Assert.True(bench.Steer(new SteerAction.Pause()).Accepted);
        Assert.Empty(bench.Ask("b", 1).Assignments);
        Assert.Equal(Verdict.Continue, bench.Report(work, 1, 0.5).Verdict);
        Assert.True(bench.Steer(new SteerAction.Resume()).Accepted);
        Assert.Equal(1, bench.One("b").Run);
    }

    [Fact]
    public void A_stopped_sweep_ends_when_what_runs_has_finished()
    {
        var bench = new MachineBench(MachineBench.Spec() with { Epochs = 1 });
        var work = bench.One();
        bench.Steer(new SteerAction.Stop());
        Assert.Empty(bench.Ask("b", 1).Assignments);
        Assert.Equal(SweepStatus.Stopping, bench.State.Status);
        bench.Report(work, 1, 0.5);
        Assert.Equal((SweepStatus.Ended, SweepOutcome.Stopped), (bench.State.Status, bench.State.Outcome));
    }

    [Fact]
    public void A_cancelled_sweep_ends_at_once_and_its_nodes_drop_what_they_run()
    {
        var bench = new MachineBench(MachineBench.Spec());
        var work = bench.One();
        bench.Steer(new SteerAction.Cancel());
        var answer = bench.Ask("a", 1, new RunLease(work.Run, work.Generation));
        Assert.True(answer.Done);
        Assert.Equal([new RunLease(work.Run, work.Generation)], answer.Abandon);
        Assert.Equal(Verdict.Stop, bench.Report(work, 1, 0.5).Verdict);
        Assert.Equal(0, bench.State.EpochsRecorded);
    }

    [Fact]
    public void A_pinned_run_trains_to_its_last_epoch_whatever_the_rules_say()
    {
        var bench = new MachineBench(MachineBench.Spec(R9, new PatienceSpec(1, 0)) with { RunCap = 1 });
        var work = bench.One();
        Assert.True(bench.Steer(new SteerAction.PinRun(0)).Accepted);
        for (var epoch = 1; epoch <= 9; epoch++)
            if (bench.Report(work, epoch, epoch).Verdict == Verdict.Pause)
                work = bench.One();
        Assert.Equal(RunState.Finished, bench.State.Runs[0].State);
    }

    [Fact]
    public void A_person_stops_a_running_run_and_its_node_learns_it_with_the_next_report()
    {
        var bench = new MachineBench(MachineBench.Spec());
        var work = bench.One();
        Assert.True(bench.Steer(new SteerAction.StopRun(0)).Accepted);
        Assert.Equal(Verdict.Stop, bench.Report(work, 1, 0.5).Verdict);
        Assert.False(bench.Steer(new SteerAction.StopRun(0)).Accepted);
    }

    [Fact]
    public void A_person_promotes_a_run_that_waits_at_a_rung()
    {
        var bench = new MachineBench(MachineBench.Spec(R9));
        bench.Report(bench.One(), 1, 0.5);
        Assert.True(bench.Steer(new SteerAction.PromoteRun(0)).Accepted);
        var work = bench.One();
        Assert.Equal((0, 2, 3), (work.Run, work.Generation, work.UntilEpoch));
    }

    [Fact]
    public void An_enqueued_configuration_is_the_next_new_run_and_leaves_the_search_where_it_was()
    {
        var bench = new MachineBench(MachineBench.Spec());
        bench.One();
        Assert.True(bench.Steer(new SteerAction.Enqueue(new Configuration([new("n", new Value.Integer(77))]))).Accepted);
        Assert.Equal("n=77", bench.One().Configuration.ToString());
        Assert.Equal("n=1", bench.One().Configuration.ToString());
        Assert.False(bench.Steer(new SteerAction.Enqueue(new Configuration([new("n", new Value.Integer(77))]))).Accepted);
    }

    [Fact]
    public void A_refused_action_changes_nothing_and_says_why()
    {
        var bench = new MachineBench(MachineBench.Spec());
        var before = bench.Log.Count;
        Assert.Contains("no run 5", bench.Steer(new SteerAction.StopRun(5)).Message, StringComparison.Ordinal);
        Assert.Contains("running", bench.Steer(new SteerAction.Resume()).Message, StringComparison.Ordinal);
        bench.Texts["other"] = MachineBench.Spec() with { Objective = new Objective("accuracy", Goal.Maximize) };
        Assert.Contains("accuracy", bench.Steer(new SteerAction.Change("other")).Message, StringComparison.Ordinal);
        Assert.Equal(before, bench.Log.Count);
    }

    [Fact]
    public void A_finished_sweep_with_a_larger_R_goes_on_with_its_old_winners_from_their_checkpoints()
    {
        var bench = new MachineBench(MachineBench.Spec(R9) with { RunCap = 9, Epochs = 27, MaxEpochs = 27 });
        Train(bench);
        var winner = Assert.Single(bench.State.Runs, run => run.State == RunState.Finished);
        Assert.Equal(9, winner.Epoch);
        bench.Texts["longer"] = MachineBench.Spec(MachineBench.Asha(1, 27, 3)) with { RunCap = 27, Epochs = 27, MaxEpochs = 27 };
        Assert.True(bench.Steer(new SteerAction.Change("longer")).Accepted);
        Assert.Equal((SweepStatus.Running, RunState.Paused), (bench.State.Status, winner.State));
        Train(bench);
        Assert.Equal(27, bench.State.Runs.Count);
        Assert.Equal(27, bench.State.Best?.Epoch);
        Assert.Contains(bench.Events<RunAssigned>(), assigned => assigned.Run == winner.Number && assigned.UntilEpoch == 27);
    }

    [Fact]
    public void Another_eta_re_sorts_what_waits_into_the_new_rungs()
    {
        var bench = new MachineBench(MachineBench.Spec(R9) with { RunCap = 9 });
        Train(bench);
        bench.Texts["eta 2"] = MachineBench.Spec(MachineBench.Asha(1, 9, 2)) with { RunCap = 9 };
        Assert.True(bench.Steer(new SteerAction.Change("eta 2")).Accepted);
        Train(bench);
        Assert.Equal([1, 2, 4, 8], bench.State.Rungs.Select(rung => rung.Epoch));
        Assert.All(bench.State.Rungs, rung => Assert.True(rung.Promoted >= rung.Arrived / 2, rung.ToString()));
    }

    [Fact]
    public void A_pinned_run_stays_pinned_when_the_sweep_file_changes()
    {
        var bench = new MachineBench(MachineBench.Spec(R9) with { RunCap = 9, Epochs = 27, MaxEpochs = 27 });
        Assert.Equal(0, bench.One().Run);
        Assert.True(bench.Steer(new SteerAction.PinRun(0)).Accepted);
        // Run 0 has the worst values.
        Train(bench, (run, epoch) => (run == 0 ? 100 : run) + (1.0 / epoch));
        Assert.Equal(9, bench.State.Runs[0].Epoch);

        bench.Texts["longer"] = MachineBench.Spec(MachineBench.Asha(1, 27, 3)) with { RunCap = 9, Epochs = 27, MaxEpochs = 27 };
        Assert.True(bench.Steer(new SteerAction.Change("longer")).Accepted);
        Train(bench, (run, epoch) => (run == 0 ? 100 : run) + (1.0 / epoch));

        Assert.Equal((RunState.Finished, 27), (bench.State.Runs[0].State, bench.State.Runs[0].Epoch));
    }

    [Theory, InlineData(false), InlineData(true)]
    public void A_stopped_sweep_that_is_resumed_does_all_that_it_would_have_done(bool ended)
    {
        var (calm, stopped) = (new MachineBench(MachineBench.Spec(R9) with { RunCap = 12 }), new MachineBench(MachineBench.Spec(R9) with { RunCap = 12 }));
        Train(calm);
        var work = stopped.Ask("a", 3).Assignments;
        stopped.Send(new ReleaseRun("a", 1, 1));
        Assert.True(stopped.Steer(new SteerAction.Stop()).Accepted);
        Assert.Equal(RunState.Stopped, stopped.State.Runs[1].State);
        stopped.Report(work[0], 1, Falling(0, 1));
        if (ended)
            stopped.Report(work[2], 1, Falling(2, 1));
        Assert.Equal(ended ? SweepStatus.Ended : SweepStatus.Stopping, stopped.State.Status);
        Assert.Empty(stopped.Machine.TakeDisposable());

        stopped.Restart();
        Assert.True(stopped.Steer(new SteerAction.Resume()).Accepted);
        if (!ended)
            stopped.Report(work[2], 1, Falling(2, 1));
        Train(stopped);

        Assert.Equal((SweepStatus.Ended, SweepOutcome.Finished), (stopped.State.Status, stopped.State.Outcome));
        Assert.Equal(12, stopped.State.Runs.Count);
        Assert.Equal(calm.State.Best?.Number, stopped.State.Best?.Number);
        Assert.DoesNotContain(stopped.State.Runs, run => run.Epoch == 0);
        Assert.StartsWith("There is nothing more to do", stopped.Steer(new SteerAction.Change("spec")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_change_that_leaves_nothing_to_do_says_so()
    {
        var bench = new MachineBench(MachineBench.Spec(R9) with { RunCap = 9 });
        Train(bench);
        bench.Texts["fewer"] = MachineBench.Spec(R9) with { RunCap = 5 };

        Assert.Equal("There is nothing more to do: the sweep has 9 runs and run_cap is 5.", bench.Steer(new SteerAction.Change("fewer")).Message);
        Assert.Equal((SweepStatus.Ended, SweepOutcome.Finished), (bench.State.Status, bench.State.Outcome));
    }

    [Fact]
    public void A_command_that_is_repeated_with_its_id_acts_once_and_is_answered_alike()
    {
        var bench = new MachineBench(MachineBench.Spec(R9));
        bench.Report(bench.One(), 1, 0.5);
        SteerAction[] actions =
        [
            new SteerAction.PromoteRun(0), new SteerAction.PinRun(0), new SteerAction.Enqueue(new Configuration([new("n", new Value.Integer(77))])),
            new SteerAction.Pause(), new SteerAction.Resume(), new SteerAction.StopRun(0), new SteerAction.Stop(), new SteerAction.Resume(), new SteerAction.Cancel(),
        ];
        foreach (var action in actions)
        {
            var command = new Steer(new SweepSteered("ann", "", action, $"id {bench.Log.Count}"));
            var first = bench.Send(command);
            Assert.True(first.Accepted, $"{action}: {first.Message}");
            var events = bench.Log.Count;
            // The coordinator ends before its answer arrives. A coordinator rebuilt from the log and one rebuilt from a snapshot must both
            // recognise the id.
            bench.Restart();
            Assert.Equal(first.Accepted, bench.Send(command).Accepted);
            var snapshot = SweepSnapshot.Read(_ => MachineBench.Spec(R9), SweepSnapshot.Write(bench.State));
            var repeated = new SweepMachine(_ => MachineBench.Spec(R9), _ => new MachineBench.Counting(), bench.Options, snapshot).Decide(command, bench.At, bench.Log);
            Assert.True(repeated.Accepted, $"{action}");
            Assert.Equal(events, bench.Log.Count);
        }
        Assert.Single(bench.Events<RunPromoted>());
    }

    [Fact]
    public void A_damaged_snapshot_is_reported_as_damaged_whatever_its_bytes_are()
    {
        var spec = MachineBench.Spec(new SuccessiveHalvingSpec(1, 9, 3, AllBrackets: true)) with { RunCap = 20 };
        var bench = new MachineBench(spec);
        Train(bench);
        bench.Steer(new SteerAction.Annotate(Annotation.Tag, "baseline"));
        var snapshot = SweepSnapshot.Write(bench.State).ToArray();
        for (var i = 1; i < snapshot.Length; i++)
            foreach (var damage in (byte[])[0x01, 0x40, 0x80, 0xff])
            {
                var damaged = (byte[])snapshot.Clone();
                damaged[i] ^= damage;
                try
                {
                    SweepSnapshot.Read(_ => spec, damaged);
                }
                catch (FormatException)
                {
                }
            }
    }

    [Fact]
    public void After_a_change_of_the_rungs_a_coordinator_proposes_what_a_restarted_one_would()
    {
        var texts = new Dictionary<string, SweepSpec> { ["eta 2"] = MachineBench.Spec(MachineBench.Asha(1, 9, 2)) with { RunCap = 20 } };
        var first = MachineBench.Spec(R9) with { RunCap = 9 };
        var bench = new MachineBench(first, new Remembering());
        Train(bench);
        bench.Texts["eta 2"] = texts["eta 2"];
        Assert.True(bench.Steer(new SteerAction.Change("eta 2")).Accepted);

        while (bench.State.Status != SweepStatus.Ended)
        {
            var restarted = new SweepMachine(text => texts.GetValueOrDefault(text, first), _ => new Remembering(), bench.Options);
            bench.Log.ForEach(restarted.Apply);
            var (before, decided) = (bench.Log.Count, new List<LoggedEvent>());
            var work = Assert.Single(bench.Ask("a", 1).Assignments);
            restarted.Decide(new RequestWork("a", 1, []), bench.At, decided);
            Assert.Equal(bench.Log.Skip(before).Select(logged => logged.ToString()), decided.Select(logged => logged.ToString()));
            for (var epoch = work.RecordedEpoch + 1; bench.Report(work, epoch, Falling(work.Run, epoch)).Verdict == Verdict.Continue; epoch++)
                Assert.InRange(epoch, 1, 100);
        }
        Assert.Equal(20, bench.State.Runs.Count);
    }

    /// <summary>Proposes a configuration that encodes the whole history, so that a different history gives a different proposal.</summary>
    private sealed class Remembering : ISearch
    {
        public long? Size => null;

        public Suggestion? Propose(int index, int attempt, IHistory history) => new(new Configuration(
        [
            new("n", new Value.Integer(index + attempt)),
            new("seen", new Value.Text(string.Join(' ', history.Observations.Select(seen => $"{seen.Run}:{seen.Kind}:{seen.Value}:{string.Join(',', seen.AtRungs)}")))),
        ]));
    }

    private static double Falling(int run, int epoch) => run + (1.0 / epoch);

    /// <summary>One slot trains until there is no work; the loss of run n falls towards n.</summary>
    private static void Train(MachineBench bench, Func<int, int, double>? loss = null)
    {
        loss ??= Falling;
        while (bench.Ask("a", 1).Assignments is [var work])
            for (var epoch = work.RecordedEpoch + 1; bench.Report(work, epoch, loss(work.Run, epoch)).Verdict == Verdict.Continue; epoch++)
                Assert.InRange(epoch, 1, 100);
    }
}
