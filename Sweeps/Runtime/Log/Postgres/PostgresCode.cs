using Npgsql;

namespace Sweeps.Log.Postgres;

/// <summary>Keeps archives of code in the table <c>program_code</c>.</summary>
public sealed class PostgresCode(NpgsqlDataSource database) : ICodeStore
{
    /// <inheritdoc/>
    public async Task<bool> HasAsync(string sha256, CancellationToken cancel)
    {
        await using var command = database.CreateCommand("UPDATE program_code SET at = now() WHERE sha256 = $1");
        command.Parameters.AddWithValue(sha256);
        return await command.ExecuteNonQueryAsync(cancel) > 0;
    }

    /// <inheritdoc/>
    public async Task SaveAsync(byte[] archive, CancellationToken cancel)
    {
        await using var command = database.CreateCommand("INSERT INTO program_code (sha256, data) VALUES ($1, $2) ON CONFLICT (sha256) DO UPDATE SET at = now()");
        command.Parameters.AddWithValue(ICodeStore.HashOf(archive));
        command.Parameters.AddWithValue(archive);
        await command.ExecuteNonQueryAsync(cancel);
    }

    /// <inheritdoc/>
    public async Task<byte[]?> LoadAsync(string sha256, CancellationToken cancel)
    {
        await using var command = database.CreateCommand("SELECT data FROM program_code WHERE sha256 = $1");
        command.Parameters.AddWithValue(sha256);
        return await command.ExecuteScalarAsync(cancel) is not byte[] archive ? null
            : ICodeStore.HashOf(archive) == sha256 ? archive
            : throw new InvalidDataException($"The store's code {sha256[..12]} is damaged: submit the sweep again.");
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<StoredCode>> ListAsync(CancellationToken cancel)
    {
        await using var command = database.CreateCommand("SELECT sha256, octet_length(data) FROM program_code WHERE at < now() - $1 ORDER BY at");
        command.Parameters.AddWithValue(ICodeStore.Grace);
        await using var rows = await command.ExecuteReaderAsync(cancel);
        var found = new List<StoredCode>();
        while (await rows.ReadAsync(cancel))
            found.Add(new StoredCode(rows.GetString(0), rows.GetInt32(1)));
        return found;
    }

    /// <inheritdoc/>
    public async Task<bool> DeleteAsync(string sha256, CancellationToken cancel)
    {
        await using var command = database.CreateCommand("DELETE FROM program_code WHERE sha256 = $1 AND at < now() - $2");
        command.Parameters.AddWithValue(sha256);
        command.Parameters.AddWithValue(ICodeStore.Grace);
        return await command.ExecuteNonQueryAsync(cancel) > 0;
    }
}
