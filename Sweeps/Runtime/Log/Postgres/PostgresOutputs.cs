using Npgsql;
using NpgsqlTypes;

namespace Sweeps.Log.Postgres;

/// <summary>Keeps the output of runs in the table <c>run_output</c>, one row per write.</summary>
public sealed class PostgresOutputs(NpgsqlDataSource database) : IRunOutputs
{
    /// <summary>256 KB per second and run, so that the output of runs does not fill the database.</summary>
    public long MaxBytesPerSecond => 1 << 18;

    /// <inheritdoc/>
    public async Task<long> EndAsync(string sweep, int run, CancellationToken cancel)
    {
        await using var command = database.CreateCommand("SELECT coalesce(max(position + length(data)), 0) FROM run_output WHERE sweep_id = $1 AND run = $2");
        command.Parameters.AddWithValue(sweep);
        command.Parameters.AddWithValue(run);
        return (long)(await command.ExecuteScalarAsync(cancel))!;
    }

    /// <inheritdoc/>
    public async Task AppendAsync(string sweep, int run, long position, ReadOnlyMemory<byte> bytes, long limit, CancellationToken cancel)
    {
        await using var command = database.CreateCommand(
            """
            WITH old AS (DELETE FROM run_output WHERE sweep_id = $1 AND run = $2 AND position < $5)
            INSERT INTO run_output (sweep_id, run, position, data) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING
            """);
        command.Parameters.AddWithValue(sweep);
        command.Parameters.AddWithValue(run);
        command.Parameters.AddWithValue(position);
        command.Parameters.AddWithValue(NpgsqlDbType.Bytea, bytes);
        command.Parameters.AddWithValue(position + bytes.Length - limit);
        await command.ExecuteNonQueryAsync(cancel);
    }

    /// <inheritdoc/>
    public async Task<OutputPiece> ReadAsync(string sweep, int run, long from, CancellationToken cancel)
    {
        await using var command = database.CreateCommand(
            "SELECT position, data FROM run_output WHERE sweep_id = $1 AND run = $2 AND position + length(data) > $3 ORDER BY position LIMIT 100");
        command.Parameters.AddWithValue(sweep);
        command.Parameters.AddWithValue(run);
        command.Parameters.AddWithValue(from);
        await using var rows = await command.ExecuteReaderAsync(cancel);
        var (begin, bytes) = (-1L, new MemoryStream());
        while (bytes.Length < OutputPiece.MaxBytes && await rows.ReadAsync(cancel))
        {
            var (position, data) = (rows.GetInt64(0), rows.GetFieldValue<byte[]>(1));
            if (begin < 0)
                begin = Math.Max(position, from);
            else if (position != begin + bytes.Length)
                break;
            bytes.Write(data.AsSpan((int)(Math.Max(position, from) - position)));
        }
        return new OutputPiece(begin < 0 ? from : begin, bytes.ToArray());
    }
}
