using System.Security.Cryptography;
using Npgsql;
using NpgsqlTypes;

namespace Sweeps.Log.Postgres;

/// <summary>Checkpoints in the table <c>checkpoint</c>, each write fenced by the run's row in <c>run_fence</c> in one transaction.</summary>
public sealed class PostgresCheckpoints(NpgsqlDataSource database) : ICheckpointStore
{
    /// <inheritdoc/>
    public async Task<bool> ClaimAsync(string sweep, int run, int generation, CancellationToken cancel)
    {
        await using var command = database.CreateCommand(
            """
            INSERT INTO run_fence (sweep_id, run, generation) VALUES ($1, $2, $3)
            ON CONFLICT (sweep_id, run) DO UPDATE SET generation = excluded.generation WHERE run_fence.generation <= excluded.generation
            """);
        command.Parameters.AddWithValue(sweep);
        command.Parameters.AddWithValue(run);
        command.Parameters.AddWithValue(generation);
        return await command.ExecuteNonQueryAsync(cancel) == 1;
    }

    /// <inheritdoc/>
    public async Task<bool> SaveAsync(string sweep, Checkpoint checkpoint, CancellationToken cancel)
    {
        // The fence's row is locked by its update: a newer owner's claim waits for this write, and this write sees a claim that came before.
        var write = new NpgsqlBatchCommand(
            """
            WITH fence AS (
                INSERT INTO run_fence (sweep_id, run, generation) VALUES ($1, $2, $4)
                ON CONFLICT (sweep_id, run) DO UPDATE SET generation = excluded.generation WHERE run_fence.generation <= excluded.generation
                RETURNING run)
            INSERT INTO checkpoint (sweep_id, run, epoch, generation, sha256, data)
            SELECT $1, $2, $3, $4, $5, $6 FROM fence
            ON CONFLICT (sweep_id, run, epoch) DO UPDATE
            SET generation = excluded.generation, sha256 = excluded.sha256, data = excluded.data
            """);
        write.Parameters.AddWithValue(sweep);
        write.Parameters.AddWithValue(checkpoint.Run);
        write.Parameters.AddWithValue(checkpoint.Epoch);
        write.Parameters.AddWithValue(checkpoint.Generation);
        write.Parameters.AddWithValue(SHA256.HashData(checkpoint.Data.Span));
        write.Parameters.AddWithValue(NpgsqlDbType.Bytea, checkpoint.Data);
        var prune = new NpgsqlBatchCommand(
            """
            DELETE FROM checkpoint WHERE sweep_id = $1 AND run = $2 AND epoch < (
                SELECT min(epoch) FROM (
                    SELECT epoch FROM checkpoint WHERE sweep_id = $1 AND run = $2 ORDER BY epoch DESC LIMIT 2) AS newest)
            """);
        prune.Parameters.AddWithValue(sweep);
        prune.Parameters.AddWithValue(checkpoint.Run);
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(write);
        batch.BatchCommands.Add(prune);
        await batch.ExecuteNonQueryAsync(cancel);
        return write.RecordsAffected == 1;
    }

    /// <inheritdoc/>
    public async Task<Checkpoint?> LoadAsync(string sweep, int run, CancellationToken cancel)
    {
        await using var command = database.CreateCommand(
            "SELECT epoch, generation, sha256, data FROM checkpoint WHERE sweep_id = $1 AND run = $2 ORDER BY epoch DESC");
        command.Parameters.AddWithValue(sweep);
        command.Parameters.AddWithValue(run);
        await using var rows = await command.ExecuteReaderAsync(cancel);
        while (await rows.ReadAsync(cancel))
        {
            var data = rows.GetFieldValue<byte[]>(3);
            if (SHA256.HashData(data).AsSpan().SequenceEqual(rows.GetFieldValue<byte[]>(2)))
                return new Checkpoint(run, rows.GetInt32(0), rows.GetInt32(1), data);
        }
        return null;
    }

    /// <inheritdoc/>
    public async Task DeleteAsync(string sweep, IReadOnlyCollection<int> runs, CancellationToken cancel)
    {
        await using var command = database.CreateCommand("DELETE FROM checkpoint WHERE sweep_id = $1 AND run = ANY ($2)");
        command.Parameters.AddWithValue(sweep);
        command.Parameters.AddWithValue(runs.ToArray());
        await command.ExecuteNonQueryAsync(cancel);
    }
}
