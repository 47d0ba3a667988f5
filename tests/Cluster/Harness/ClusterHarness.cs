using System.Globalization;
using Grains.Contracts;
using Grains.Schema;
using Npgsql;
using Sweeps.Core;
using Sweeps.Log.Postgres;
using Tests.Shared;

namespace Cluster.Harness;

/// <summary>A PostgreSQL server and silos as real processes that can be killed, and the log of their sweeps.</summary>
internal sealed class ClusterHarness : IAsyncDisposable
{
    private readonly ClusterClient client;
    private readonly string[] arguments;
    private readonly List<SiloNode> silos = [];

    private ClusterHarness(ClusterClient client, PostgresServer postgres, string[] arguments)
    {
        (this.client, Postgres, this.arguments) = (client, postgres, arguments);
        Database = NpgsqlDataSource.Create(postgres.ConnectionString());
        Log = new PostgresLog(Database);
        Checkpoints = new PostgresCheckpoints(Database);
    }

    public PostgresServer Postgres { get; }

    public NpgsqlDataSource Database { get; }

    public PostgresLog Log { get; }

    public PostgresCheckpoints Checkpoints { get; }

    public IReadOnlyList<SiloNode> Silos => silos;

    /// <summary>Starts PostgreSQL, creates the tables of the store, and starts silos.</summary>
    public static async Task<ClusterHarness> StartAsync(int silos, int slots = 1, params string[] arguments) =>
        await StartAsync(new ClusterClient(), await PostgresServer.StartAsync(), silos, slots, arguments);

    /// <summary>The same with a running PostgreSQL server, which the harness disposes.</summary>
    public static async Task<ClusterHarness> StartAsync(
        ClusterClient client, PostgresServer postgres, int silos, int slots, params string[] arguments)
    {
        var cluster = new ClusterHarness(client, postgres, arguments);
        try
        {
            await PostgresStore.Migrator.ApplyAsync(cluster.Database, CancellationToken.None);
            await ClusterSchema.Migrator.ApplyAsync(cluster.Database, CancellationToken.None);
            await Task.WhenAll(Enumerable.Range(0, silos).Select(_ => cluster.AddSiloAsync(slots)));
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts one more silo and waits until it has joined.</summary>
    public async Task<SiloNode> AddSiloAsync(int slots = 1, string? store = null, Machine? machine = null)
    {
        SiloNode silo;
        lock (silos)
            silos.Add(silo = new SiloNode(
                NextName, machine ?? Machine.Local, store ?? $"{Postgres.ConnectionString()};Application Name={Application(NextName)}", slots, arguments));
        await silo.StartAsync();
        await silo.ReadyAsync();
        return silo;
    }

    /// <summary>Submits a sweep and returns its id.</summary>
    public async Task<string> SubmitAsync(string spec, string sweep = "points-abcde")
    {
        await client.SubmitAsync(this, sweep, spec);
        return sweep;
    }

    /// <summary>Announces a node that does not exist to the directory repeatedly, until the result is disposed.</summary>
    public IAsyncDisposable Announce(NodeMessage node) => new Announcement(client, this, node);

    /// <summary>The silo with a sweep's coordinator, or any running silo if it cannot be determined.</summary>
    public async Task<SiloNode> CoordinatorSiloAsync(string sweep)
    {
        string? node = null;
        try
        {
            node = await client.CoordinatorAsync(this, sweep);
        }
        catch (Exception)
        {
            // Silos or the database are restarting.
        }
        return silos.Find(silo => silo.Running && node is not null && silo.Is(node)) ?? silos.Find(silo => silo.Running) ?? silos[0];
    }

    /// <summary>The silo of an assignment.</summary>
    public SiloNode SiloOf(RunAssigned assigned) => silos.Single(silo => silo.Is(assigned.Node));

    /// <summary>All events of a sweep.</summary>
    public async Task<IReadOnlyList<LoggedEvent>> EventsAsync(string sweep)
    {
        var events = new List<LoggedEvent>();
        await foreach (var logged in Log.ReadAsync(sweep, 0, CancellationToken.None))
            events.Add(logged);
        return events;
    }

    /// <summary>Waits until the log of a sweep satisfies a condition, and returns it.</summary>
    public Task<IReadOnlyList<LoggedEvent>> UntilAsync(string sweep, string what, Func<IReadOnlyList<LoggedEvent>, bool> holds) =>
        Eventually.SeeAsync(what, () => EventsAsync(sweep), holds, events => events.Count, Situation);

    /// <summary>Waits until at least <paramref name="epochs"/> epochs are recorded or the sweep has ended, and returns the log.</summary>
    public Task<IReadOnlyList<LoggedEvent>> RecordedAsync(string sweep, int epochs) => UntilAsync(
        sweep, $"{epochs} epochs of {sweep} are recorded", events => events.Epochs().Count() >= epochs || Ended(events));

    /// <summary>Waits until a sweep has ended, and returns its log.</summary>
    public Task<IReadOnlyList<LoggedEvent>> EndedAsync(string sweep) => UntilAsync(sweep, $"{sweep} ends", Ended);

    /// <summary>
    /// Makes the database refuse new rows of a table from one silo or from all, as if its disk were full. Everything else works.
    /// </summary>
    public Task RefuseAsync(string table, SiloNode? from = null) => ExecuteAsync(
        $"""
        CREATE FUNCTION refuse_{table}() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF current_setting('application_name') LIKE '{(from is null ? "%" : Application(from.Name))}' THEN RAISE disk_full; END IF;
            RETURN NEW;
        END $$;
        CREATE TRIGGER refuse BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_{table}();
        """);

    /// <summary>Ends <see cref="RefuseAsync"/>.</summary>
    public Task AcceptAsync(string table) => ExecuteAsync($"DROP FUNCTION refuse_{table} CASCADE");

    /// <summary>Executes a statement.</summary>
    public async Task ExecuteAsync(string sql)
    {
        await using var command = Database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>
    /// Waits until a sweep has ended, with few polls that do not read the whole log, so that waiting does not disturb a measurement.
    /// </summary>
    public Task UntilEndedAsync(string sweep) => Eventually.SeeAsync(
        $"{sweep} ends", () => SeenAsync(sweep), seen => seen.Ended, seen => seen.Events, Situation, every: 0.5);

    /// <summary>Reads only the last events: only the test of the best model may follow the end.</summary>
    private async Task<(bool Ended, long Events)> SeenAsync(string sweep)
    {
        await using var command = Database.CreateCommand(
            "SELECT coalesce(bool_or(type = 'sweep_ended'), false), coalesce(max(seq), 0) "
            + "FROM (SELECT type, seq FROM sweep_event WHERE sweep_id = $1 ORDER BY seq DESC LIMIT 3) AS tail");
        command.Parameters.AddWithValue(sweep);
        await using var row = await command.ExecuteReaderAsync();
        await row.ReadAsync();
        return (row.GetBoolean(0), row.GetInt64(1));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var silo in silos)
            await silo.DisposeAsync();
        await Database.DisposeAsync();
        await Postgres.DisposeAsync();
    }

    private string NextName => (silos.Count + 1).ToString(CultureInfo.InvariantCulture);

    private static string Application(string silo) => $"silo-{silo}";

    private static bool Ended(IReadOnlyList<LoggedEvent> events) => events.Facts<SweepEnded>().Any();

    private string Situation() => string.Concat(silos.Select(silo =>
        $"── silo {silo.Name} ({(silo.Running ? "running" : "ended")}):\n{string.Join('\n', silo.Output.Split('\n').TakeLast(40))}\n"));

    private sealed class Announcement : IAsyncDisposable
    {
        private readonly CancellationTokenSource end = new();
        private readonly Task announcing;

        public Announcement(ClusterClient client, ClusterHarness cluster, NodeMessage node) => announcing = client.AnnounceAsync(cluster, node, end.Token);

        public async ValueTask DisposeAsync()
        {
            await end.CancelAsync();
            await announcing;
            end.Dispose();
        }
    }
}
