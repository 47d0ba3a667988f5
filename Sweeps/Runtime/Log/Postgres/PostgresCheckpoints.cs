using System.Security.Cryptography;
using Npgsql;
using NpgsqlTypes;

namespace Sweeps.Log.Postgres;

/// <summary>
/// Stores checkpoints in the tables <c>checkpoint</c> and <c>best_weights</c>. Each write checks the run's row in <c>run_fence</c> in the same
/// transaction.
/// </summary>
public sealed class PostgresCheckpoints(NpgsqlDataSource database) : ICheckpointStore
{
    /// <summary>The maximum length in bytes of a value; a larger checkpoint is stored in pieces of this length.</summary>
    internal const int PieceLength = 1 << 25;

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
    public async Task<bool> SaveAsync(string sweep, StoredCheckpoint checkpoint, CancellationToken cancel)
    {
        var write = Write(sweep, checkpoint,
            """
            INSERT INTO checkpoint (sweep_id, run, epoch, generation, sha256, data)
            SELECT $1, $2, $3, $4, $5, $6 FROM fence
            ON CONFLICT (sweep_id, run, epoch) DO UPDATE
            SET generation = excluded.generation, sha256 = excluded.sha256, data = excluded.data
            """);
        // Order by generation first, because a run that started from scratch may have later epochs from an older generation.
        var prune = new NpgsqlBatchCommand(
            """
            DELETE FROM checkpoint WHERE sweep_id = $1 AND run = $2 AND epoch NOT IN (
                SELECT epoch FROM checkpoint WHERE sweep_id = $1 AND run = $2 ORDER BY generation DESC, epoch DESC LIMIT 2)
            """);
        prune.Parameters.AddWithValue(sweep);
        prune.Parameters.AddWithValue(checkpoint.Run);
        if (checkpoint.Data.Length > PieceLength)
            return await SaveInPiecesAsync(sweep, checkpoint, write, prune, cancel);
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(write);
        batch.BatchCommands.Add(prune);
        await batch.ExecuteNonQueryAsync(cancel);
        return write.RecordsAffected == 1;
    }

    /// <summary>
    /// Writes the row of the checkpoint without its data, and the data in pieces, in one transaction. PostgreSQL limits a value to 1 GB and a message to
    /// the server to less.
    /// </summary>
    private async Task<bool> SaveInPiecesAsync(string sweep, StoredCheckpoint checkpoint, NpgsqlBatchCommand write, NpgsqlBatchCommand prune, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await using var batch = new NpgsqlBatch(connection, transaction);
        batch.BatchCommands.Add(write);
        batch.BatchCommands.Add(prune);
        write.Parameters[^1].Value = Array.Empty<byte>();
        await batch.ExecuteNonQueryAsync(cancel);
        if (write.RecordsAffected != 1)
            return false;
        await ExecuteAsync("DELETE FROM checkpoint_piece WHERE sweep_id = $1 AND run = $2 AND epoch = $3", null);
        for (var begin = 0; begin < checkpoint.Data.Length; begin += PieceLength)
            await ExecuteAsync(
                "INSERT INTO checkpoint_piece (sweep_id, run, epoch, piece, data) VALUES ($1, $2, $3, $4, $5)", begin / PieceLength);
        await transaction.CommitAsync(cancel);
        return true;

        async Task ExecuteAsync(string sql, int? piece)
        {
            await using var command = new NpgsqlCommand(sql, connection, transaction);
            command.Parameters.AddWithValue(sweep);
            command.Parameters.AddWithValue(checkpoint.Run);
            command.Parameters.AddWithValue(checkpoint.Epoch);
            if (piece is { } number)
            {
                command.Parameters.AddWithValue(number);
                command.Parameters.AddWithValue(NpgsqlDbType.Bytea, checkpoint.Data.Slice(number * PieceLength, Math.Min(PieceLength, checkpoint.Data.Length - number * PieceLength)));
            }
            await command.ExecuteNonQueryAsync(cancel);
        }
    }

    /// <inheritdoc/>
    public async Task<bool> SaveBestAsync(string sweep, StoredCheckpoint weights, CancellationToken cancel)
    {
        var write = Write(sweep, weights,
            """
            INSERT INTO best_weights (sweep_id, run, epoch, generation, sha256, data)
            SELECT $1, $2, $3, $4, $5, $6 FROM fence
            ON CONFLICT (sweep_id, run) DO UPDATE
            SET epoch = excluded.epoch, generation = excluded.generation, sha256 = excluded.sha256, data = excluded.data
            """);
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(write);
        await batch.ExecuteNonQueryAsync(cancel);
        return write.RecordsAffected == 1;
    }

    /// <inheritdoc/>
    public Task<StoredCheckpoint?> LoadAsync(string sweep, int run, CancellationToken cancel) => LoadAsync(sweep, run,
        "SELECT epoch, generation, sha256, data FROM checkpoint WHERE sweep_id = $1 AND run = $2 ORDER BY generation DESC, epoch DESC", cancel);

    /// <inheritdoc/>
    public Task<StoredCheckpoint?> LoadBestAsync(string sweep, int run, CancellationToken cancel) => LoadAsync(sweep, run,
        "SELECT epoch, generation, sha256, data FROM best_weights WHERE sweep_id = $1 AND run = $2", cancel);

    /// <summary>Checks that the database accepts checkpoints, by inserting rows and rolling back. Throws the exception of Npgsql if it does not.</summary>
    public async Task ProbeAsync(CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        // The key is unique, so that concurrent probes of two nodes do not wait for each other's transaction.
        await using var insert = new NpgsqlCommand(
            """
            WITH fence AS (INSERT INTO run_fence (sweep_id, run, generation) VALUES ($1, 0, 0)),
            weights AS (INSERT INTO best_weights (sweep_id, run, epoch, generation, sha256, data) VALUES ($1, 0, 0, 0, '', ''))
            INSERT INTO checkpoint (sweep_id, run, epoch, generation, sha256, data) VALUES ($1, 0, 0, 0, '', '')
            """, connection, transaction);
        insert.Parameters.AddWithValue(Guid.NewGuid().ToString());
        await insert.ExecuteNonQueryAsync(cancel);
        await transaction.RollbackAsync(cancel);
    }

    /// <summary>
    /// Creates a command that claims the run and then writes. The claim locks the run's row in <c>run_fence</c>: a concurrent claim of a newer generation
    /// is applied either before, and then the command writes no row, or after it.
    /// </summary>
    private static NpgsqlBatchCommand Write(string sweep, StoredCheckpoint checkpoint, string insert)
    {
        var write = new NpgsqlBatchCommand(
            $"""
            WITH fence AS (
                INSERT INTO run_fence (sweep_id, run, generation) VALUES ($1, $2, $4)
                ON CONFLICT (sweep_id, run) DO UPDATE SET generation = excluded.generation WHERE run_fence.generation <= excluded.generation
                RETURNING run)
            {insert}
            """);
        write.Parameters.AddWithValue(sweep);
        write.Parameters.AddWithValue(checkpoint.Run);
        write.Parameters.AddWithValue(checkpoint.Epoch);
        write.Parameters.AddWithValue(checkpoint.Generation);
        write.Parameters.AddWithValue(SHA256.HashData(checkpoint.Data.Span));
        write.Parameters.AddWithValue(NpgsqlDbType.Bytea, checkpoint.Data);
        return write;
    }

    private async Task<StoredCheckpoint?> LoadAsync(string sweep, int run, string query, CancellationToken cancel)
    {
        await using var command = database.CreateCommand(query);
        command.Parameters.AddWithValue(sweep);
        command.Parameters.AddWithValue(run);
        await using var rows = await command.ExecuteReaderAsync(cancel);
        while (await rows.ReadAsync(cancel))
        {
            var data = rows.GetFieldValue<byte[]>(3);
            if (data.Length == 0)
                data = await ReadPiecesAsync(sweep, run, rows.GetInt32(0), cancel);
            if (SHA256.HashData(data).AsSpan().SequenceEqual(rows.GetFieldValue<byte[]>(2)))
                return new StoredCheckpoint(run, rows.GetInt32(0), rows.GetInt32(1), data);
        }
        return null;
    }

    private async Task<byte[]> ReadPiecesAsync(string sweep, int run, int epoch, CancellationToken cancel)
    {
        await using var command = database.CreateCommand(
            "SELECT data FROM checkpoint_piece WHERE sweep_id = $1 AND run = $2 AND epoch = $3 ORDER BY piece");
        command.Parameters.AddWithValue(sweep);
        command.Parameters.AddWithValue(run);
        command.Parameters.AddWithValue(epoch);
        await using var pieces = await command.ExecuteReaderAsync(cancel);
        using var data = new MemoryStream();
        while (await pieces.ReadAsync(cancel))
            data.Write(pieces.GetFieldValue<byte[]>(0));
        return data.ToArray();
    }

    /// <inheritdoc/>
    public async Task DeleteAsync(string sweep, IReadOnlyCollection<int> runs, CancellationToken cancel)
    {
        await using var command = database.CreateCommand(
            """
            WITH weights AS (DELETE FROM best_weights WHERE sweep_id = $1 AND run = ANY ($2))
            DELETE FROM checkpoint WHERE sweep_id = $1 AND run = ANY ($2)
            """);
        command.Parameters.AddWithValue(sweep);
        command.Parameters.AddWithValue(runs.ToArray());
        await command.ExecuteNonQueryAsync(cancel);
    }
}
