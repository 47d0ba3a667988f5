using Npgsql;
using NpgsqlTypes;

namespace Sweeps.Log.Postgres;

/// <summary>Keeps the files of <c>SWEEP_OUT</c> in the table <c>run_artifact</c>, one row per piece.</summary>
public sealed class PostgresArtifacts(NpgsqlDataSource database) : IArtifactStore
{
    /// <inheritdoc/>
    public async Task<IReadOnlyList<RunArtifact>> ListAsync(string sweep, int run, CancellationToken cancel)
    {
        await using var command = Command("SELECT path, sum(length(data))::bigint FROM run_artifact WHERE sweep_id = $1 AND run = $2 GROUP BY path", sweep, run);
        await using var rows = await command.ExecuteReaderAsync(cancel);
        var files = new List<RunArtifact>();
        while (await rows.ReadAsync(cancel))
            files.Add(new RunArtifact(rows.GetString(0), rows.GetInt64(1)));
        // Sort here, because the order of the database depends on its collation.
        files.Sort((a, b) => string.CompareOrdinal(a.Path, b.Path));
        return files;
    }

    /// <inheritdoc/>
    public async Task<byte[]> ReadAsync(string sweep, int run, string path, long from, CancellationToken cancel)
    {
        await using var command = Command("SELECT data FROM run_artifact WHERE sweep_id = $1 AND run = $2 AND path = $3 AND piece = $4", sweep, run, path);
        command.Parameters.AddWithValue((int)(from / IRunArtifacts.PieceBytes));
        return await command.ExecuteScalarAsync(cancel) is byte[] piece ? piece[(int)Math.Min(piece.Length, from % IRunArtifacts.PieceBytes)..] : [];
    }

    /// <inheritdoc/>
    public async Task SaveAsync(string sweep, int run, string path, Stream content, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await using (var clear = Command("DELETE FROM run_artifact WHERE sweep_id = $1 AND run = $2 AND path = $3", sweep, run, path, connection))
            await clear.ExecuteNonQueryAsync(cancel);
        var buffer = new byte[IRunArtifacts.PieceBytes];
        for (var (piece, length) = (0, 1); piece == 0 || length > 0; piece++)
        {
            length = await content.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancel);
            // An empty file is stored as one empty piece.
            if (length == 0 && piece > 0)
                break;
            await using var insert = Command("INSERT INTO run_artifact (sweep_id, run, path, piece, data) VALUES ($1, $2, $3, $4, $5)", sweep, run, path, connection);
            insert.Parameters.AddWithValue(piece);
            insert.Parameters.AddWithValue(NpgsqlDbType.Bytea, buffer.AsMemory(0, length));
            await insert.ExecuteNonQueryAsync(cancel);
        }
        await transaction.CommitAsync(cancel);
    }

    /// <inheritdoc/>
    public async Task DeleteAsync(string sweep, int run, string path, CancellationToken cancel)
    {
        await using var command = Command("DELETE FROM run_artifact WHERE sweep_id = $1 AND run = $2 AND path = $3", sweep, run, path);
        await command.ExecuteNonQueryAsync(cancel);
    }

    private NpgsqlCommand Command(string sql, string sweep, int run, string? path = null, NpgsqlConnection? connection = null)
    {
        var command = connection is null ? database.CreateCommand(sql) : new NpgsqlCommand(sql, connection);
        command.Parameters.AddWithValue(sweep);
        command.Parameters.AddWithValue(run);
        if (path is not null)
            command.Parameters.AddWithValue(path);
        return command;
    }
}
