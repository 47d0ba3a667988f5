using Orleans;
using Sweeps.Core;

namespace Grains.Tests;

/// <summary>What the coordinator grain does beside its coordinator: the directory, the reminder.</summary>
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
    public async Task A_paused_sweep_goes_on_when_it_is_resumed()
    {
        await using var cluster = await new GrainCluster { Slots = 0 }.StartAsync();
        await cluster.CreateAsync("one");

        await cluster.SteerAsync("one", new SteerAction.Pause());
        await cluster.SteerAsync("one", new SteerAction.Resume());

        Assert.Single((await cluster.Coordinator("one").RequestWork(
            new Contracts.WorkRequest(GrainCluster.NodeName(cluster.Silos[0]), 1, [], Contracts.AssignmentMessage.Format))).Assignments);
    }
}
