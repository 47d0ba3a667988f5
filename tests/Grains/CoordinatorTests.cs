using Orleans;
using Sweeps.Coordination;
using Sweeps.Core;

namespace Grains.Tests;

/// <summary>The tasks of the coordinator grain beside its coordinator: the directory and the reminder.</summary>
public sealed class CoordinatorTests
{
    [Fact]
    public async Task An_announcement_that_fails_is_tried_again()
    {
        await using var cluster = await new GrainCluster { Slots = 0 }.StartAsync();
        await cluster.CreateAsync("one");
        Assert.Single(await cluster.Directory.Active());
        var failures = 2;
        cluster.Calls.Before(
            "ISweepDirectoryGrain.Describe", _ => Interlocked.Decrement(ref failures) >= 0 ? Task.FromException(new IOException("Connection reset by peer")) : Task.CompletedTask);

        await cluster.SteerAsync("one", new SteerAction.Cancel());

        await GrainCluster.SeeAsync(() => cluster.Directory.Active(), sweeps => sweeps.Length == 0);
        Assert.True(failures < 0);
    }

    [Fact]
    public async Task A_sweep_has_a_reminder_as_long_as_it_has_work()
    {
        await using var cluster = await new GrainCluster { Slots = 0 }.StartAsync();
        await cluster.CreateAsync("one");
        var reminders = cluster.Service<IReminderTable>(cluster.Silos[0]);
        var grain = cluster.Coordinator("one").GetGrainId();
        Assert.Single((await reminders.ReadRows(grain)).Reminders);

        await cluster.SteerAsync("one", new SteerAction.Cancel());

        await GrainCluster.SeeAsync(() => reminders.ReadRows(grain), rows => rows.Reminders.Count == 0);
    }

    [Fact]
    public async Task A_reminder_that_another_activation_has_registered_is_removed_too()
    {
        await using var cluster = await new GrainCluster { Slots = 0 }.StartAsync();
        await cluster.CreateAsync("one");
        var reminders = cluster.Service<IReminderTable>(cluster.Silos[0]);
        var grain = cluster.Coordinator("one").GetGrainId();
        // The row gets another ETag than the one that the grain has.
        await reminders.UpsertRow(Assert.Single((await reminders.ReadRows(grain)).Reminders));

        await cluster.SteerAsync("one", new SteerAction.Cancel());

        await GrainCluster.SeeAsync(() => reminders.ReadRows(grain), rows => rows.Reminders.Count == 0);
    }

    [Fact]
    public async Task Commands_that_the_store_does_not_accept_are_withdrawn_with_its_reason_and_have_no_effect_later()
    {
        await using var cluster = await new GrainCluster { Slots = 0, Patience = TimeSpan.FromMilliseconds(200) }.StartAsync();
        await cluster.CreateAsync("one");
        cluster.Log.Trouble = new IOException("the disk is full");

        // The first one is decided again after each failed append; the second one waits in the mailbox.
        foreach (var action in (SteerAction[])[new SteerAction.Pause(), new SteerAction.Cancel()])
        {
            var refused = await Assert.ThrowsAsync<CommandWithdrawnException>(() => cluster.SteerAsync("one", action));
            Assert.Contains("the disk is full", refused.Message, StringComparison.Ordinal);
        }
        cluster.Log.Trouble = null;
        await cluster.SteerAsync("one", new SteerAction.Enqueue(new Configuration([new("x1", new Value.Number(1)), new("x2", new Value.Number(1))])));

        Assert.IsType<SteerAction.Enqueue>(Assert.Single((await cluster.EventsAsync("one")).OfType<SweepSteered>()).Action);
    }

    [Fact]
    public async Task A_paused_sweep_goes_on_when_it_is_resumed()
    {
        await using var cluster = await new GrainCluster { Slots = 0 }.StartAsync();
        await cluster.CreateAsync("one");

        await cluster.SteerAsync("one", new SteerAction.Pause());
        await cluster.SteerAsync("one", new SteerAction.Resume());

        Assert.Single((await cluster.Coordinator("one").Send(new RequestWork(GrainCluster.NodeName(cluster.Silos[0]), 1, []))).Assignments);
    }

    [Fact]
    public async Task A_steering_command_whose_answer_was_lost_acts_once_when_it_is_repeated()
    {
        await using var cluster = await new GrainCluster { Slots = 0 }.StartAsync();
        await cluster.CreateAsync("one");
        cluster.Calls.After("ISweepCoordinatorGrain.Send Steer", call => call % 2 == 1 ? Task.FromException(new TimeoutException()) : Task.CompletedTask);
        SteerAction[] actions =
        [
            new SteerAction.Enqueue(new Configuration([new("x1", new Value.Number(1)), new("x2", new Value.Number(1))])), new SteerAction.Pause(),
            new SteerAction.Resume(), new SteerAction.Cancel(),
        ];

        foreach (var action in actions)
        {
            var command = new Steer(new SweepSteered("ann", "", action, Guid.NewGuid().ToString("N")));
            await Assert.ThrowsAsync<TimeoutException>(() => cluster.Coordinator("one").Send(command));
            var reply = await cluster.Coordinator("one").Send(command);
            Assert.True(reply.Accepted, reply.Message);
        }

        Assert.Equal(actions, (await cluster.EventsAsync("one")).OfType<SweepSteered>().Select(steered => steered.Action));
    }

    [Fact]
    public async Task Commands_and_replies_arrive_as_they_were_sent()
    {
        await using var cluster = await new GrainCluster { Slots = 0 }.StartAsync();
        await cluster.CreateAsync("one");
        var node = GrainCluster.NodeName(cluster.Silos[0]);
        var enqueued = new Configuration([new("x1", new Value.Number(1)), new("x2", new Value.Number(2.5))]);
        await cluster.SteerAsync("one", new SteerAction.Enqueue(enqueued));

        var work = Assert.Single((await cluster.Coordinator("one").Send(new RequestWork(node, 1, []))).Assignments);
        Assert.Equal(enqueued, work.Configuration);
        Assert.Equal(3, work.WaitAt[^1]);
        var refused = await Assert.ThrowsAsync<RefusedReportException>(() => cluster.Coordinator("one").Send(Report(3, 0)));
        Assert.Contains("epoch 1 is the next one", refused.Message, StringComparison.Ordinal);
        Assert.Equal(Verdict.Continue, (await cluster.Coordinator("one").Send(Report(1, 0.25))).Verdict);
        var stopped = await cluster.Coordinator("one").Send(Report(2, double.NaN));
        Assert.Equal((Verdict.Stop, "diverged"), (stopped.Verdict, stopped.Reason!.Rule));
        Assert.Equal([new RunLease(0, 1)], (await cluster.Coordinator("one").Send(new RequestWork(node, 0, [new RunLease(0, 1)]))).Abandon);

        ReportEpoch Report(int epoch, double value) =>
            new(node, work.Run, work.Generation, epoch, new SortedDictionary<string, double> { ["value"] = value }, 0.5);
    }
}
