using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Sweeps.Core;
using Sweeps.Core.Search;
using Sweeps.Hosting;
using Sweeps.Hosting.Postgres;
using Sweeps.Log.Postgres;
using Sweeps.Spec;
using Sweeps.Telemetry;
using Sweeps.Tests.Log;
using Tests.Shared;

namespace Sweeps.Tests.Hosting;

[Collection(PostgresCollection.Name)]
public class PostgresNodeTests(PostgresFixture postgres)
{
    private const string Grid = """
        name: fake
        method: grid
        metric: {name: val_loss, goal: minimize}
        seed: 7
        parameters:
          lr: {values: [0.1, 0.2, 0.3, 0.4, 0.5, 0.6]}
          epochs: {value: 4}
        """;

    [PostgresFact]
    public async Task Three_nodes_write_the_same_log_as_one_process_but_for_who_when_and_the_order_between_runs()
    {
        await using var database = await postgres.NewStoreAsync();
        await CreateAsync(database);
        await using var a = Node("a", database, new FakeTrainable());
        await using var b = Node("b", database, new FakeTrainable());
        await using var c = Node("c", database, new FakeTrainable());
        using var stop = new CancellationTokenSource();

        var working = Task.WhenAll(a.Node.RunAsync(stop.Token), b.Node.RunAsync(stop.Token), c.Node.RunAsync(stop.Token));
        var events = await UntilAsync(database, seen => seen.Any(e => e.Event is TestEvaluated));
        await stop.CancelAsync();
        await working;

        Assert.Equal(await EmbeddedAsync(), Bench.Story(events.Where(e => e.Event is not TestEvaluated)).Order(StringComparer.Ordinal));
        Assert.True(events.Select(e => e.Event).OfType<RunAssigned>().Select(e => e.Node).Distinct().Count() > 1);
    }

    [PostgresFact]
    public async Task The_runs_and_the_lead_of_a_node_that_vanishes_go_to_another()
    {
        await using var database = await postgres.NewStoreAsync();
        await CreateAsync(database);
        using var held = new ManualResetEventSlim();
        var stuck = new TaskCompletionSource();
        var cable = NpgsqlDataSource.Create(database.ConnectionString);
        await using var first = Node("first", cable, new FakeTrainable
        {
            OnBatch = (epoch, _) =>
            {
                if (epoch == 3)
                {
                    stuck.TrySetResult();
                    held.Wait();
                }
            },
        }, vanishes: true);
        using var stop = new CancellationTokenSource();
        var working = first.Node.RunAsync(stop.Token);
        await stuck.Task;
        await cable.DisposeAsync();

        await using var second = Node("second", database, new FakeTrainable());
        var other = second.Node.RunAsync(stop.Token);
        var events = await UntilAsync(database, seen => seen.Any(e => e.Event is SweepEnded));
        held.Set();
        await stop.CancelAsync();
        await Task.WhenAll(working, other);

        Assert.Contains(events, e => e.Event is RunLost { Node: "first" });
        Assert.Equal(await EmbeddedAsync(), Bench.Story(events.Where(e => e.Event is not TestEvaluated)).Order(StringComparer.Ordinal));
    }

    [PostgresFact]
    public async Task A_database_that_dies_and_comes_back_loses_no_epoch_and_doubles_none()
    {
        await using var server = await PostgresServer.StartAsync();
        await using var database = NpgsqlDataSource.Create(await server.CreateDatabaseAsync("test"));
        await PostgresSchema.InitializeAsync(database, default);
        await CreateAsync(database);
        var epochs = 0;
        var third = new TaskCompletionSource();
        var trainable = new FakeTrainable
        {
            OnBatch = (_, batch) =>
            {
                if (batch == 0 && Interlocked.Increment(ref epochs) == 8)
                    third.TrySetResult();
            },
        };
        await using var a = Node("a", database, trainable);
        await using var b = Node("b", database, trainable);
        using var stop = new CancellationTokenSource();
        var working = Task.WhenAll(a.Node.RunAsync(stop.Token), b.Node.RunAsync(stop.Token));
        await third.Task;

        await server.KillAsync();
        await server.StartAgainAsync();
        var events = await UntilAsync(database, seen => seen.Any(e => e.Event is SweepEnded));
        await stop.CancelAsync();
        await working;

        Assert.Equal(await EmbeddedAsync(), Bench.Story(events.Where(e => e.Event is not TestEvaluated)).Order(StringComparer.Ordinal));
    }

    [PostgresFact]
    public async Task A_person_steers_and_lists_nodes_without_being_one()
    {
        await using var database = await postgres.NewStoreAsync();
        await CreateAsync(database);
        await using var node = Node("a", database, new FakeTrainable());
        await using var mailbox = new PostgresMailbox(database, TimeProvider.System);
        var coordinator = new PostgresCoordinator("test", new PostgresLog(database), mailbox);

        var reply = await coordinator.SendAsync<SteerReply>(new Steer(default, "me", "enough", new SteerAction.Cancel()), default);

        Assert.True(reply.Accepted, reply.Message);
        Assert.Contains(await coordinator.EventsAsync(0, 100, default), e => e.Event is SweepEnded { Outcome: SweepOutcome.Cancelled });
        var listed = Assert.Single(await new PostgresNodes(database).ListAsync(default));
        Assert.Equal(("a", 1, false), (listed.Node, listed.Slots, listed.Draining));
        Assert.True(await new PostgresNodes(database).DrainAsync("a", default));
        await node.Drained.Task;
    }

    private static Task CreateAsync(NpgsqlDataSource database) =>
        SweepCoordinator.CreateAsync("test", Grid, "a test", Context(database, new SweepMetrics()), default);

    private static CoordinatorContext Context(NpgsqlDataSource database, SweepMetrics metrics) => new(
        new PostgresLog(database), new PostgresCheckpoints(database),
        new MachineFactory(text => SweepFile.Parse(text, "test.yaml").Spec, SearchFactory.Create, new MachineOptions()),
        TimeProvider.System, metrics, NullLogger.Instance);

    private static TestNode Node(string name, NpgsqlDataSource database, FakeTrainable trainable, bool vanishes = false)
    {
        var (slots, metrics, drained) = (new SlotPool(1), new SweepMetrics(), new TaskCompletionSource());
        var node = new PostgresNode(new PostgresNodeContext(
            name, slots, database, Context(database, metrics), _ => trainable, () => drained.TrySetResult())
        {
            DrainLimit = vanishes ? TimeSpan.Zero : TimeSpan.FromSeconds(20),
            Options = new NodeOptions { Patience = TimeSpan.FromSeconds(vanishes ? 0.1 : 10) },
        });
        return new TestNode(node, slots, metrics, drained);
    }

    private static async Task<List<LoggedEvent>> UntilAsync(NpgsqlDataSource database, Func<List<LoggedEvent>, bool> enough)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var coordinator = new PostgresCoordinator("test", new PostgresLog(database), null!);
        var events = new List<LoggedEvent>();
        await foreach (var page in coordinator.FollowAsync(0, TimeSpan.FromMilliseconds(50), TimeProvider.System, limit.Token))
        {
            events.AddRange(page);
            if (enough(events))
                break;
        }
        return events;
    }

    private static async Task<IEnumerable<string>> EmbeddedAsync()
    {
        var store = new MemoryStore();
        using var bench = new Bench(store, Grid);
        await bench.CreateAsync();
        await bench.RunAsync("only", 1, new FakeTrainable(), CancellationToken.None);
        return Bench.Story(store.Events).Order(StringComparer.Ordinal);
    }

    private sealed record TestNode(PostgresNode Node, SlotPool Slots, SweepMetrics Metrics, TaskCompletionSource Drained) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await Node.DisposeAsync();
            Slots.Dispose();
            Metrics.Dispose();
        }
    }
}
