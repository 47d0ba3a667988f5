using Grains.Contracts;
using Orleans.Runtime;
using Orleans.TestingHost;
using Sweeps.Core;
using Sweeps.Nodes;
using Sweeps.Runs;

namespace Grains.Tests;

/// <summary>The grain of a run: direct calls, and launches that succeed, are refused or come late.</summary>
public sealed class TrainingRunTests
{
    /// <summary>The heartbeat interval: no heartbeat occurs in these tests.</summary>
    private static readonly TimeSpan Never = TimeSpan.FromHours(1);

    private static readonly Assignment Work = new(0, 1, new Configuration([]), 0, 0, 3, [3]);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Stopping_a_run_or_cancelling_the_sweep_reaches_the_run_itself(bool wholeSweep)
    {
        await using var cluster = await new GrainCluster { Heartbeat = Never }.StartAsync();
        await cluster.CreateAsync("one");
        await TrainingAsync(cluster);

        await cluster.SteerAsync("one", wholeSweep ? new SteerAction.Cancel() : new SteerAction.StopRun(0));

        await GrainCluster.SeeAsync(() => Task.FromResult(cluster.Training.Cancelled), cancelled => cancelled == 1);
        await GrainCluster.SeeAsync(() => Task.FromResult(cluster.Calls.Count("ITrainingRunGrain.Stop")), stops => stops == 1);
        Assert.DoesNotContain(await cluster.EventsAsync("one"), fact => fact is EpochRecorded);
    }

    [Fact]
    public async Task Progress_inside_the_epoch_is_asked_from_the_run()
    {
        await using var cluster = await new GrainCluster().StartAsync();
        await cluster.CreateAsync("one");
        await TrainingAsync(cluster);

        var progress = await cluster.Grain<ITrainingRunGrain>(GrainKeys.TrainingRun("one", 0, 1)).Progress();

        Assert.Equal(new ProgressMessage(GrainCluster.NodeName(cluster.Silos[0]), 0, 1, 7, 12, 345), progress);
        Assert.Null(await cluster.Grain<ITrainingRunGrain>(GrainKeys.TrainingRun("one", 1, 1)).Progress());
    }

    [Fact]
    public async Task A_grain_that_does_not_answer_in_time_frees_the_slot_and_never_begins()
    {
        await using var cluster = await new GrainCluster { Slots = 0 }.StartAsync();
        await cluster.CreateAsync("one");
        var late = new TaskCompletionSource();
        cluster.Calls.Before("ITrainingRunGrain.Execute", _ => late.Task);
        using var slots = new SlotPool(1);

        Assert.Equal(RunOutcome.NotStarted, await LaunchAsync(cluster, cluster.Silos[0], cluster.Silos[0], slots));

        late.SetResult();
        await GrainCluster.SeeAsync(() => Task.FromResult(cluster.Calls.Count("ISweepCoordinatorGrain.Send ReleaseRun")), releases => releases == 1);
        Assert.Equal(ExecuteOutcome.WrongNode, await ExecuteAgainAsync(cluster));
        Assert.Equal(0, cluster.Training.Started);
    }

    [Fact]
    public async Task A_grain_on_another_silo_than_the_slot_gives_the_run_back()
    {
        await using var cluster = await new GrainCluster { Slots = 0 }.StartAsync(silos: 2);
        await cluster.CreateAsync("one");
        using var slots = new SlotPool(1);

        Assert.Equal(RunOutcome.NotStarted, await LaunchAsync(cluster, cluster.Silos[0], cluster.Silos[1], slots));

        Assert.Equal(0, cluster.Training.Started);
    }

    [Fact]
    public async Task An_assignment_runs_once_however_often_it_is_executed()
    {
        await using var cluster = await new GrainCluster { Slots = 0 }.StartAsync();
        await cluster.CreateAsync("one");
        using var slots = new SlotPool(1);

        var running = LaunchAsync(cluster, cluster.Silos[0], cluster.Silos[0], slots);
        await GrainCluster.SeeAsync(() => Task.FromResult(cluster.Training.Started), started => started == 1);
        Assert.Equal(ExecuteOutcome.Started, await ExecuteAgainAsync(cluster));
        await cluster.Grain<ITrainingRunGrain>(GrainKeys.TrainingRun("one", 0, 1)).Stop();

        Assert.Equal(RunOutcome.Abandoned, await running);
        Assert.Equal(1, cluster.Training.Started);
    }

    private static Task<ExecuteOutcome> ExecuteAgainAsync(GrainCluster cluster) => cluster.Grain<ITrainingRunGrain>(GrainKeys.TrainingRun("one", 0, 1))
        .Execute(GrainCluster.NodeName(cluster.Silos[0]), Work);

    /// <summary>Launches with a slot of one silo and the placement hint of another, or the same.</summary>
    private static async Task<RunOutcome> LaunchAsync(GrainCluster cluster, InProcessSiloHandle slotOf, InProcessSiloHandle hint, SlotPool slots)
    {
        Assert.True(slots.TryReserve(out var slot));
        using (slot)
        {
            var launcher = new GrainLauncher(
                cluster.Service<Orleans.IGrainFactory>(slotOf), cluster.Service<ILocalSiloDetails>(hint), cluster.Service<PendingAssignments>(slotOf),
                cluster.RunContext(slotOf, "one"));
            return await launcher.Launch(Work, slot, CancellationToken.None).Completion.WaitAsync(TimeSpan.FromSeconds(60));
        }
    }

    /// <summary>Waits until the first run trains. Wakes the node, because it requests work at long intervals.</summary>
    private static Task<int> TrainingAsync(GrainCluster cluster) => GrainCluster.SeeAsync(
        () =>
        {
            if (cluster.Training.Started == 0)
                cluster.Worker(cluster.Silos[0]).Wake();
            return Task.FromResult(cluster.Training.Started);
        },
        started => started == 1);
}
