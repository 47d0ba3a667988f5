using Cluster.Harness;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Sweeps.Coordination;
using Sweeps.Core;
using Sweeps.Core.Search;
using Sweeps.Files;
using Sweeps.Log.Postgres;
using Sweeps.Telemetry;
using Tests.Shared;

namespace Cluster.Silos;

/// <summary>Orleans may briefly run two activations of a coordinator; the log must accept only one.</summary>
public sealed class TwoCoordinatorsTests
{
    private const string Sweep = "twice-abcde";

    private const string Spec = """
        name: twice
        method: random
        run_cap: 60
        seed: 3
        epochs: 9
        trainable: function
        function: {name: branin}
        metric: {name: value, goal: minimize}
        parameters: {x1: {min: -5.0, max: 10.0}, x2: {min: 0.0, max: 15.0}}
        early_terminate: {type: asha, min_iter: 1, max_iter: 9, eta: 3}
        """;

    [PostgresFact]
    public async Task Two_coordinators_of_one_sweep_write_one_log_and_the_later_one_reads_and_decides_again()
    {
        await using var postgres = await PostgresServer.StartAsync();
        await using var database = NpgsqlDataSource.Create(postgres.ConnectionString());
        await PostgresStore.Migrator.ApplyAsync(database, CancellationToken.None);
        using var metrics = new SweepMetrics();
        var context = new CoordinatorContext(
            new PostgresLog(database), new PostgresCheckpoints(database),
            new MachineFactory(text => SweepFile.Parse(text, "twice.yaml").Spec, SearchFactory.Create, new MachineOptions()),
            TimeProvider.System, metrics, NullLogger.Instance);
        await SweepCoordinator.CreateAsync(Sweep, Spec, "test", context, CancellationToken.None);
        await using var first = await SweepCoordinator.OpenAsync(Sweep, context, CancellationToken.None);
        await using var second = await SweepCoordinator.OpenAsync(Sweep, context, CancellationToken.None);

        // Both have an assignment before one of them trains: otherwise one may end the sweep before the other begins.
        var ones = await RequestAsync(first, "one");
        var twos = await RequestAsync(second, "two");
        await Task.WhenAll(WorkAsync(first, "one", ones), WorkAsync(second, "two", twos));

        var events = await first.EventsAsync(0, int.MaxValue, CancellationToken.None);
        SweepLog.AssertNothingIsLostOrDoubled(events);
        Assert.Equal(events.Select(logged => logged.Event.ToString()), (await second.EventsAsync(0, int.MaxValue, CancellationToken.None)).Select(logged => logged.Event.ToString()));
        Assert.Equal(60, events.Facts<RunCreated>().Count());
        Assert.Single(events.Facts<SweepEnded>());
        Assert.Equal(["one", "two"], events.Facts<RunAssigned>().Select(assigned => assigned.Node).Distinct().Order());
    }

    /// <summary>A node with one slot that reports epochs without training.</summary>
    private static async Task WorkAsync(SweepCoordinator coordinator, string node, WorkReply work)
    {
        while (!work.Done)
        {
            foreach (var assignment in work.Assignments)
                await TrainAsync(coordinator, node, assignment);
            work = await RequestAsync(coordinator, node);
        }
    }

    private static Task<WorkReply> RequestAsync(SweepCoordinator coordinator, string node) =>
        coordinator.SendAsync(new RequestWork(node, 1, []), CancellationToken.None);

    private static async Task TrainAsync(SweepCoordinator coordinator, string node, Assignment assignment)
    {
        for (var epoch = assignment.RecordedEpoch + 1; epoch <= assignment.UntilEpoch; epoch++)
        {
            var value = new Dictionary<string, double> { ["value"] = (assignment.Run * 7919 % 101) + (1.0 / epoch) };
            var reply = await coordinator.SendAsync(
                new ReportEpoch(node, assignment.Run, assignment.Generation, epoch, value, 0.001, null, false), CancellationToken.None);
            if (reply.Verdict != Verdict.Continue)
                return;
        }
    }
}
