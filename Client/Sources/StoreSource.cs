using System.Runtime.CompilerServices;
using Npgsql;
using Sweeps.Core;
using Sweeps.Log;
using Sweeps.Log.Postgres;

namespace Client.Sources;

/// <summary>The sweeps in the PostgreSQL store of a cluster, read without its silos. They cannot be steered.</summary>
public sealed class StoreSource : ISweepSource
{
    private readonly NpgsqlDataSource database;
    private readonly PostgresLog log;

    /// <summary>A source for a connection string. Throws <see cref="UsageException"/> when the string is invalid.</summary>
    public StoreSource(string store)
    {
        database = Connect(store);
        log = new PostgresLog(database);
        Place = $"the store on {new NpgsqlConnectionStringBuilder(store).Host}";
    }

    /// <inheritdoc/>
    public string Place { get; }

    /// <summary>The database of a connection string. Throws <see cref="UsageException"/> when the string is invalid.</summary>
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
    public async Task<StoredCheckpoint?> BestWeightsAsync(string sweep, int run, CancellationToken cancel)
    {
        try
        {
            return await new PostgresCheckpoints(database).LoadBestAsync(sweep, run, cancel);
        }
        catch (NpgsqlException e)
        {
            throw Unavailable(e);
        }
    }

    /// <inheritdoc/>
    public async Task<OutputPiece> OutputAsync(string sweep, int run, long from, CancellationToken cancel)
    {
        try
        {
            return await new PostgresOutputs(database).ReadAsync(sweep, run, from, cancel);
        }
        catch (NpgsqlException e)
        {
            throw Unavailable(e);
        }
    }

    /// <inheritdoc/>
    public IRunArtifacts Artifacts => new StoreArtifacts(new PostgresArtifacts(database));

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> ListAsync(CancellationToken cancel)
    {
        try
        {
            return await log.ListAsync(cancel);
        }
        catch (NpgsqlException e)
        {
            throw Unavailable(e);
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<LoggedEvent> ReadAsync(string sweep, long afterSeq, [EnumeratorCancellation] CancellationToken cancel)
    {
        await using var events = log.ReadAsync(sweep, afterSeq, cancel).GetAsyncEnumerator(cancel);
        while (await MoveNextAsync(events))
            yield return events.Current;
    }

    /// <summary>
    /// The number of silos that are active in the membership table and wrote their "I am alive" time within the three periods (90 s) that
    /// Orleans allows; null for none.
    /// </summary>
    public async Task<string?> WorkerAsync(string sweep, CancellationToken cancel)
    {
        try
        {
            await using var command = database.CreateCommand("SELECT count(*) FROM cluster_silo WHERE status = 3 AND alive_at > now() - interval '90 seconds'");
            return (long)(await command.ExecuteScalarAsync(cancel))! is > 0 and var silos ? silos == 1 ? "1 node" : $"{silos} nodes" : null;
        }
        catch (NpgsqlException e)
        {
            throw Unavailable(e);
        }
    }

    /// <inheritdoc/>
    public Task<SteerReply> SteerAsync(string sweep, SweepSteered request, CancellationToken cancel) =>
        throw new UsageException($"A sweep is steered through the silos that work on it, not through {Place}: use --cluster address:port instead of --store.");

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => database.DisposeAsync();

    private sealed class StoreArtifacts(PostgresArtifacts inner) : IRunArtifacts
    {
        public async Task<IReadOnlyList<RunArtifact>> ListAsync(string sweep, int run, CancellationToken cancel)
        {
            try
            {
                return await inner.ListAsync(sweep, run, cancel);
            }
            catch (NpgsqlException e)
            {
                throw Unavailable(e);
            }
        }

        public async Task<byte[]> ReadAsync(string sweep, int run, string path, long from, CancellationToken cancel)
        {
            try
            {
                return await inner.ReadAsync(sweep, run, path, from, cancel);
            }
            catch (NpgsqlException e)
            {
                throw Unavailable(e);
            }
        }
    }

    private static async Task<bool> MoveNextAsync(IAsyncEnumerator<LoggedEvent> events)
    {
        try
        {
            return await events.MoveNextAsync();
        }
        catch (NpgsqlException e)
        {
            throw Unavailable(e);
        }
    }

    private static Exception Unavailable(NpgsqlException e) => e is PostgresException { SqlState: PostgresErrorCodes.UndefinedTable }
        ? new UsageException("The store has no tables yet. Create them with: ./sweep store init --store \"…\"", e)
        : new SourceUnavailableException($"The store does not answer: {e.Message}", e);
}
