using Grains.Contracts;
using Sweeps.Coordination;
using Sweeps.Core;

namespace Grains.Tests;

/// <summary>The directory grain's data about sweeps and nodes, and its state after a migration.</summary>
public sealed class DirectoryTests
{
    [Fact]
    public async Task An_older_description_neither_brings_back_a_sweep_that_has_ended_nor_its_earlier_file()
    {
        await using var cluster = await new GrainCluster { Slots = 0 }.StartAsync();
        var directory = cluster.Directory;

        await directory.Describe(new SweepDescription("one", true, "newer", 9));
        await directory.Describe(new SweepDescription("one", true, "older", 5));
        Assert.Equal("newer", (await directory.Find("one"))!.Spec);

        await directory.Describe(new SweepDescription("one", false, "", 12));
        await directory.Describe(new SweepDescription("one", true, "newer", 9));
        Assert.DoesNotContain(await directory.Active(), sweep => sweep.Sweep == "one");
        Assert.Empty((await directory.Announce(Node("n"))).Sweeps);
    }

    [Fact]
    public async Task A_sweep_that_takes_long_to_replay_keeps_nobody_from_the_others()
    {
        await using var cluster = new GrainCluster { Slots = 0 };
        await SweepCoordinator.CreateAsync("long", GrainCluster.Sweep, "a test", cluster.Context, CancellationToken.None);
        await SweepCoordinator.CreateAsync("short", GrainCluster.Sweep, "a test", cluster.Context, CancellationToken.None);
        cluster.Log.Held = "long";
        await cluster.StartAsync();

        await GrainCluster.SeeAsync(() => cluster.Directory.Active(), sweeps => sweeps.Select(sweep => sweep.Sweep).SequenceEqual(["short"]));
        cluster.Log.Release();
        await GrainCluster.SeeAsync(() => cluster.Directory.Active(), sweeps => sweeps.Length == 2);
    }

    [Fact]
    public async Task A_sweep_file_is_fetched_once_however_often_a_node_asks_for_work()
    {
        await using var cluster = await new GrainCluster().StartAsync();
        await cluster.CreateAsync("one");
        await GrainCluster.SeeAsync(() => Task.FromResult(cluster.Training.Started), started => started > 0);

        var asked = cluster.Calls.Count("ISweepDirectoryGrain.Announce");
        await GrainCluster.SeeAsync(() => Task.FromResult(cluster.Calls.Count("ISweepDirectoryGrain.Announce")), count => count >= asked + 3);

        Assert.Equal(1, cluster.Calls.Count("ISweepDirectoryGrain.Find"));
    }

    [Fact]
    public async Task Only_sweeps_with_work_are_activated()
    {
        await using var cluster = new GrainCluster { Slots = 0 };
        foreach (var sweep in (string[])["ended", "live"])
            await SweepCoordinator.CreateAsync(sweep, GrainCluster.Sweep, "a test", cluster.Context, CancellationToken.None);
        await using (var coordinator = await SweepCoordinator.OpenAsync("ended", cluster.Context, CancellationToken.None))
            await coordinator.SendAsync(new Steer(new SweepSteered("a test", "", new SteerAction.Cancel())), CancellationToken.None);
        await cluster.StartAsync();

        await GrainCluster.SeeAsync(() => cluster.Directory.Active(), sweeps => sweeps.Length == 1);

        Assert.Equal(1, cluster.Calls.Count("ISweepCoordinatorGrain.Describe"));
        Assert.Equal(2, (await cluster.Directory.List()).Length);
    }

    [Fact]
    public async Task A_table_of_one_machine_is_refused_at_submission()
    {
        await using var cluster = await new GrainCluster { Slots = 0 }.StartAsync();
        const string table = """
            method: random
            run_cap: 1
            epochs: 1
            trainable: table
            table: curves.csv
            metric: {name: value, goal: minimize}
            parameters:
              x: {min: 0.0, max: 1.0}
            """;

        var refusal = await cluster.Directory.Create("one", table, "test.yaml", "a test");

        Assert.Contains("without --cluster", refusal, StringComparison.Ordinal);
        Assert.Empty(await cluster.Directory.List());
    }

    [Fact]
    public async Task A_drained_node_is_shown_gives_its_run_back_survives_a_move_of_the_directory_and_works_again_when_asked()
    {
        await using var cluster = await new GrainCluster().StartAsync();
        var node = GrainCluster.NodeName(cluster.Silos[0]);
        await cluster.CreateAsync("one");
        await GrainCluster.SeeAsync(() => Task.FromResult(cluster.Training.Started), started => started == 1);

        Assert.True(await cluster.Directory.Drain(node));
        await GrainCluster.SeeAsync(() => cluster.EventsAsync("one"), events => events.OfType<RunReleased>().Any());
        Assert.True(Assert.Single(await cluster.Directory.Nodes()).Draining);

        await cluster.DeactivateAsync(cluster.Directory);
        Assert.True(Assert.Single(await GrainCluster.SeeAsync(() => cluster.Directory.Nodes(), nodes => nodes.Length == 1)).Draining);
        Assert.Contains("draining", Assert.Single(await GrainCluster.SeeAsync(() => cluster.Directory.Obstacles("one"), told => told.Length > 0)), StringComparison.Ordinal);
        Assert.Equal(1, cluster.Training.Started);

        Assert.True(await cluster.Directory.Undrain(node));
        await GrainCluster.SeeAsync(() => Task.FromResult(cluster.Training.Started), started => started == 2);
        Assert.False(await cluster.Directory.Drain("nobody"));
    }

    [Fact]
    public async Task Two_who_drain_a_node_at_the_same_time_are_both_told_that_it_drains()
    {
        await using var cluster = await new GrainCluster { Slots = 0, Time = new StoppedTime() }.StartAsync();
        await cluster.Directory.Announce(Node("a"));
        var arrived = 0;
        cluster.Calls.Before("ISweepDirectoryGrain.Drain", _ =>
        {
            Interlocked.Increment(ref arrived);
            return Task.CompletedTask;
        });

        var both = Task.WhenAll(cluster.Directory.Drain("a"), cluster.Directory.Drain("a"));
        await GrainCluster.SeeAsync(() => Task.FromResult(Volatile.Read(ref arrived)), calls => calls == 2);
        Assert.True((await cluster.Directory.Announce(Node("a"))).Drain);
        await cluster.Directory.Announce(Node("a") with { Draining = true });

        Assert.All(await both.WaitAsync(TimeSpan.FromMinutes(1)), Assert.True);
    }

    [Fact]
    public async Task What_keeps_a_sweep_from_progress_is_said()
    {
        await using var cluster = await new GrainCluster { Slots = 0 }.StartAsync();
        var directory = cluster.Directory;
        Assert.Contains("No node", Assert.Single(await directory.Obstacles("one")), StringComparison.Ordinal);

        await directory.Announce(Node("a") with { Sweeps = [new NodeSweep("one", 0, "the data set x is not there")] });
        await directory.Announce(Node("b") with { Busy = 1, Sweeps = [new NodeSweep("one", 0, null), new NodeSweep("two", 1, null)] });
        Assert.Equal(
            ["Node a: the data set x is not there.", "Node b: all slots are taken (1 by two)."], await directory.Obstacles("one"));
        Assert.Empty(await directory.Obstacles("two"));

        await directory.Announce(Node("c") with { Draining = true });
        await directory.Announce(Node("d") with { Draining = true });
        Assert.Contains("Nodes c, d: draining; to end the drain: ./sweep undrain NODE.", await directory.Obstacles("one"));

        await directory.Announce(Node("d") with { Busy = 1 });
        await directory.Announce(Node("c") with { Trouble = "the store refuses its writes", Sweeps = [new NodeSweep("two", 1, null)] });
        Assert.Equal(["Node c: the store refuses its writes."], await directory.Obstacles("two"));
    }

    [Fact]
    public async Task A_node_of_an_older_program_is_given_nothing_and_that_is_said()
    {
        await using var cluster = await new GrainCluster { Slots = 0 }.StartAsync();
        await cluster.CreateAsync("one");
        var node = GrainCluster.NodeName(cluster.Silos[0]);

        Assert.Empty((await cluster.Coordinator("one").Send(new RequestWork(node, 1, [], Assignment.Format - 1))).Assignments);
        Assert.DoesNotContain(await cluster.EventsAsync("one"), fact => fact is RunAssigned);

        await cluster.Directory.Announce(Node("old") with { Format = Assignment.Format - 1 });
        await cluster.Directory.Announce(Node("new"));
        var nodes = (await cluster.Directory.Nodes()).ToDictionary(one => one.Name);
        Assert.Contains("older", nodes["old"].Trouble, StringComparison.Ordinal);
        Assert.Null(nodes["new"].Trouble);

        Assert.Single((await cluster.Coordinator("one").Send(new RequestWork(node, 1, []))).Assignments);
    }

    /// <summary>A clock that stands still, so that no node and no request expires however slow the machine is.</summary>
    private sealed class StoppedTime : TimeProvider
    {
        public override long GetTimestamp() => 0;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    private static NodeMessage Node(string name) => new(name, 1, 0, false, [], "test", Assignment.Format, []);
}
