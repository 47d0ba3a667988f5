using Npgsql;

namespace Sweeps.Log.Postgres;

/// <summary>Keeps archives of code in the table <c>program_code</c>.</summary>
public sealed class PostgresCode(NpgsqlDataSource database) : ICodeStore
{
    /// <inheritdoc/>
    public async Task<bool> HasAsync(string sha256, CancellationToken cancel)
    {
        await using var command = database.CreateCommand("SELECT EXISTS (SELECT FROM program_code WHERE sha256 = $1)");
        command.Parameters.AddWithValue(sha256);
        return await command.ExecuteScalarAsync(cancel) is true;
    }

    /// <inheritdoc/>
    public async Task SaveAsync(byte[] archive, CancellationToken cancel)
    {
        await using var command = database.CreateCommand("INSERT INTO program_code (sha256, data) VALUES ($1, $2) ON CONFLICT DO NOTHING");
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
}
