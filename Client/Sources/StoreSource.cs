using Npgsql;
using Sweeps.Core;
using Sweeps.Hosting.Postgres;
using Sweeps.Log;
using Sweeps.Log.Postgres;

namespace Client.Sources;

/// <summary>
/// Sweeps in a PostgreSQL store. Reading needs nobody but the database; what a person decides goes to the node that leads the sweep.
/// </summary>
public sealed class StoreSource : IClusterSource
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(15);

    private readonly NpgsqlDataSource database;
    private readonly PostgresLog log;
    private readonly TimeProvider time;

    /// <summary>A source for a connection string. Throws <see cref="UsageException"/> when it is none.</summary>
    public StoreSource(string store, TimeProvider time)
    {
        this.time = time;
        database = Connect(store);
        log = new PostgresLog(database);
        Place = $"the store on {new NpgsqlConnectionStringBuilder(store).Host}";
    }

    /// <inheritdoc/>
    public string Place { get; }

    /// <summary>The database of a connection string. Throws <see cref="UsageException"/> when it is none.</summary>
    public static NpgsqlDataSource Connect(string store)
    {
        try
        {
            return NpgsqlDataSource.Create(store);
        }
        catch (ArgumentException e)
        {
            throw new UsageException($"--store is not a PostgreSQL connection string, such as \"Host=db;Database=sweeps;Username=…\": {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> ListAsync(CancellationToken cancel) => AskAsync(() => log.ListAsync(cancel));

    /// <inheritdoc/>
    public IAsyncEnumerable<LoggedEvent> ReadAsync(string sweep, long afterSeq, CancellationToken cancel) => log.ReadAsync(sweep, afterSeq, cancel);

    /// <inheritdoc/>
    public async Task<SteerReply> SteerAsync(string sweep, SweepSteered wish, CancellationToken cancel)
    {
        await using var mailbox = new PostgresMailbox(database, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(AnswerLimit);
        try
        {
            return await new PostgresCoordinator(sweep, log, mailbox)
                .SendAsync<SteerReply>(new Steer(default, wish.By, wish.Why, wish.Action), limit.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new UsageException(
                $"No node of {Place} answered within {AnswerLimit.TotalSeconds} s. Does one run? `./sweep nodes --store …` shows them; silos of an "
                + "Orleans cluster are steered through --cluster.");
        }
    }

    /// <inheritdoc/>
    public Task SubmitAsync(string sweep, string text, string fileName, string by, CancellationToken cancel) => AskAsync<object?>(async () =>
    {
        await log.AppendAsync(sweep, [new LoggedEvent(1, time.GetUtcNow(), new SweepCreated(sweep, text, by))], cancel);
        return null;
    });

    /// <inheritdoc/>
    public Task<IReadOnlyList<NodeRow>> NodesAsync(CancellationToken cancel) => AskAsync<IReadOnlyList<NodeRow>>(async () =>
        [.. (await new PostgresNodes(database).ListAsync(cancel)).Select(node => new NodeRow(node.Node, node.Slots, node.Busy, node.Draining, []))]);

    /// <inheritdoc/>
    public Task<bool> DrainAsync(string node, CancellationToken cancel) => AskAsync(() => new PostgresNodes(database).DrainAsync(node, cancel));

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => database.DisposeAsync();

    private static async Task<T> AskAsync<T>(Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            throw new UsageException("The store has no tables yet. Make them with: ./sweep store init --store \"…\"", e);
        }
        catch (NpgsqlException e)
        {
            throw new UsageException($"The store does not answer: {e.Message}", e);
        }
    }
}
