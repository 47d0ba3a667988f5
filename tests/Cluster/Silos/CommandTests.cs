using System.Globalization;
using Cluster.Harness;
using Cluster.Monitoring;
using Grains.Contracts;
using Sweeps.Core;
using Tests.Shared;

namespace Cluster.Silos;

/// <summary>The command line with two silos of one slot each.</summary>
public sealed class CommandTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [PostgresFact]
    public async Task What_stands_still_says_why_and_what_was_paused_or_drained_goes_on()
    {
        await using var cluster = await ClusterHarness.StartAsync(silos: 2);
        var person = new Person(folder.Path, "--cluster", $"127.0.0.1:{cluster.Silos[1].GatewayPort}");
        var nodes = cluster.Silos.Select(silo => $"127.0.0.1:{silo.SiloPort}").ToList();

        // No node has the data.
        await cluster.SubmitAsync(Network("csv:/nowhere/points.csv#label"), "lacking-abcde");
        foreach (var command in (string[])["show lacking-abcde", "nodes"])
            Assert.Contains("/nowhere/points.csv", await person.SeesAsync(command, "/nowhere/points.csv"), StringComparison.Ordinal);
        await person.DoesAsync("cancel lacking-abcde");

        // No node runs programs.
        await cluster.SubmitAsync(Program, "program-abcde");
        await Eventually.SeeAsync(
            "the obstacle is named", () => new ClusterClient().ObstaclesAsync(cluster, "program-abcde"),
            said => said.Any(obstacle => obstacle.Contains("it runs no programs; to allow them, start it with --programs FOLDER", StringComparison.Ordinal)),
            said => said.Length, () => "");
        await person.DoesAsync("cancel program-abcde");

        // The nodes evaluate runs of an ended sweep on the test part.
        await cluster.SubmitAsync(Network("glyphs", runs: 2), "drawn-abcde");
        await cluster.UntilAsync("drawn-abcde", "its best run is evaluated", events => events.Facts<TestEvaluated>().Any());
        var tested = await person.DoesAsync("test drawn-abcde --top 2");
        Assert.Equal(2, tested.Split('\n').Count(line => line.Contains("test_accuracy", StringComparison.Ordinal)));
        Assert.Equal([0, 1], (await cluster.EventsAsync("drawn-abcde")).Facts<TestEvaluated>().Select(one => one.Run).Order());

        // The nodes confirm the best runs, first for the sweep file and then for a command, and finish the stopped runs of an audit.
        await cluster.SubmitAsync(Noisy, "noisy-abcde");
        var reviewed = await cluster.EndedAsync("noisy-abcde");
        var confirming = reviewed.Facts<RunCreated>().Where(run => run.Confirms is not null).ToList();
        Assert.Equal((2, 6), (confirming.Select(run => run.Confirms).Distinct().Count(), confirming.Count));
        Assert.Equal(3, confirming.Select(run => run.Seed).Distinct().Count());
        await person.DoesAsync("confirm noisy-abcde --top 3 --seeds 3");
        await cluster.UntilAsync("noisy-abcde", "three runs are confirmed", log => log.Facts<SweepEnded>().Count() == 2);
        Assert.Matches("is the best at 95 %|cannot be told apart at 95 %", await person.DoesAsync("show noisy-abcde"));
        await person.DoesAsync("audit noisy-abcde --epochs 20");
        reviewed = await cluster.UntilAsync("noisy-abcde", "stopped runs are audited", log => log.Facts<SweepEnded>().Count() == 3);
        Assert.Contains("stopped runs were trained to their last epoch", string.Join(' ', (await person.DoesAsync("show noisy-abcde")).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        SweepLog.AssertNothingIsLostOrDoubled(reviewed);

        // Each slot trains a run whose epoch takes longer than this test.
        await cluster.SubmitAsync(Paced(runs: 4), "slow-abcde");
        await cluster.UntilAsync("slow-abcde", "two runs are assigned", events => events.Facts<RunAssigned>().Count() == 2);
        var second = Path.Combine(folder.Path, "second.yaml");
        await File.WriteAllTextAsync(second, Paced(runs: 1));
        Assert.Contains("taken (1 by slow-abcde)", await person.DoesAsync($"run {second} --detach"), StringComparison.Ordinal);
        await person.DoesAsync("cancel second");

        // show asks the run's grain for its progress; stop-run stops it in the middle of an epoch.
        Assert.Contains("slot 0", await person.SeesAsync("show slow-abcde --run 0", "slot 0"), StringComparison.Ordinal);
        await person.DoesAsync("stop-run 0 slow-abcde");
        await cluster.UntilAsync("slow-abcde", "another run has its slot", events => events.Facts<RunAssigned>().Any(assigned => assigned.Run == 2));

        // A pause and its end.
        await person.DoesAsync("pause slow-abcde");
        await person.DoesAsync("resume slow-abcde");
        Assert.Equal(["Pause", "Resume"], (await cluster.EventsAsync("slow-abcde")).Facts<SweepSteered>().Select(steered => steered.Action.GetType().Name).TakeLast(2));

        // A tag and a note are in the log of the cluster.
        await person.DoesAsync("tag baseline slow-abcde");
        await person.DoesAsync("note slower-than-it-looks slow-abcde --run 1");
        Assert.Contains("slow-abcde", await person.DoesAsync("list --tag baseline"), StringComparison.Ordinal);
        Assert.Contains("slower-than-it-looks", await person.DoesAsync("show slow-abcde --run 1"), StringComparison.Ordinal);

        // A drain is shown and can be undone; an abbreviated node name must be unique.
        var ambiguous = await person.FailsAsync("drain 127.0.0.1");
        Assert.All(nodes, node => Assert.Contains(node, ambiguous, StringComparison.Ordinal));
        // Repeated, because a node that is busy may announce its drain too late for one command.
        await person.SeesAsync($"drain {nodes[0]}", "");
        await cluster.UntilAsync("slow-abcde", "its run is given back", events => events.Facts<RunReleased>().Any(released => cluster.Silos[0].Is(released.Node)));
        await person.SeesAsync("nodes", "draining");
        var before = (await cluster.EventsAsync("slow-abcde")).Facts<RunAssigned>().Count();
        await person.SeesAsync($"undrain {nodes[0]}", "");
        await cluster.UntilAsync("slow-abcde", "it works again", events => events.Facts<RunAssigned>().Skip(before).Any(assigned => cluster.Silos[0].Is(assigned.Node)));
        Assert.DoesNotContain("draining", await person.DoesAsync("nodes"), StringComparison.Ordinal);
        await person.SeesAsync("doctor -o json", "answers, 2 nodes with 2 slots");

        // A silo with an older version joins: it gets no run, and nodes shows the reason.
        await using (cluster.Announce(new NodeMessage("10.0.0.9:11111@1", 1, 0, false, [], "0.9.0", Assignment.Format - 1, [])))
        {
            Assert.Contains("older", await person.SeesAsync("nodes -o json", "10.0.0.9"), StringComparison.Ordinal);
            Assert.Contains("10.0.0.9:11111@1 gets no work", await person.SeesAsync("doctor -o json", "3 nodes"), StringComparison.Ordinal);
        }
    }

    private const string Program = """
        trainable: program
        program: train.sh
        method: grid
        metric: {name: loss, goal: minimize}
        parameters: {start: {values: [1]}}
        """;

    private const string Noisy = """
        method: random
        run_cap: 9
        seed: 4
        epochs: 9
        trainable: function
        function: {name: branin, noise: 2.0, pace: 0.02s}
        metric: {name: value, goal: minimize}
        parameters:
          x1: {min: -5.0, max: 10.0}
          x2: {min: 0.0, max: 15.0}
        early_terminate: {type: asha_stopping, min_iter: 1, eta: 3}
        confirm: {top: 2, seeds: 3}
        """;

    private static string Network(string dataset, int runs = 1) => string.Create(CultureInfo.InvariantCulture, $$"""
        dataset: {{dataset}}
        method: random
        run_cap: {{runs}}
        epochs: 1
        metric: {name: val_loss, goal: minimize}
        parameters:
          learning_rate: {min: 0.01, max: 0.1}
        """);

    private static string Paced(int runs) => string.Create(CultureInfo.InvariantCulture, $$"""
        name: second
        method: random
        run_cap: {{runs}}
        seed: 3
        epochs: 2
        trainable: function
        function: {name: branin, pace: 1h}
        metric: {name: value, goal: minimize}
        parameters:
          x1: {min: -5.0, max: 10.0}
          x2: {min: 0.0, max: 15.0}
        """);
}
