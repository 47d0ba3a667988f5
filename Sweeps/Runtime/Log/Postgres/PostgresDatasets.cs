using System.Security.Cryptography;
using Engine.Data;
using Npgsql;

namespace Sweeps.Log.Postgres;

/// <summary>Stores the files of data sets in the database, for nodes that do not have them.</summary>
public sealed class PostgresDatasets(NpgsqlDataSource database)
{
    /// <summary>Replaces the files of a data set in one transaction. A file may have at most 1 GB.</summary>
    public async Task PushAsync(string name, IReadOnlyList<string> paths, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await using (var clear = new NpgsqlCommand("DELETE FROM dataset WHERE name = $1", connection))
        {
            clear.Parameters.AddWithValue(name);
            await clear.ExecuteNonQueryAsync(cancel);
        }
        foreach (var path in paths)
        {
            var bytes = await File.ReadAllBytesAsync(path, cancel);
            await using var insert = new NpgsqlCommand("INSERT INTO dataset (name, file, sha256, bytes) VALUES ($1, $2, $3, $4)", connection);
            insert.Parameters.AddWithValue(name);
            insert.Parameters.AddWithValue(Path.GetFileName(path));
            insert.Parameters.AddWithValue(SHA256.HashData(bytes));
            insert.Parameters.AddWithValue(bytes);
            await insert.ExecuteNonQueryAsync(cancel);
        }
        await transaction.CommitAsync(cancel);
    }

    /// <summary>
    /// Writes the files of a data set into a folder, each atomically. Returns their names; none if the store does not have the data set. Throws
    /// <see cref="InvalidDataException"/> if a file does not have its stored SHA-256.
    /// </summary>
    public async Task<IReadOnlyList<string>> FetchAsync(string name, string folder, CancellationToken cancel)
    {
        await using var command = database.CreateCommand("SELECT file, sha256, bytes FROM dataset WHERE name = $1 ORDER BY file");
        command.Parameters.AddWithValue(name);
        await using var rows = await command.ExecuteReaderAsync(cancel);
        var files = new List<string>();
        while (await rows.ReadAsync(cancel))
        {
            var file = Path.GetFileName(rows.GetString(0));
            var bytes = rows.GetFieldValue<byte[]>(2);
            if (!SHA256.HashData(bytes).AsSpan().SequenceEqual(rows.GetFieldValue<byte[]>(1)))
                throw new InvalidDataException($"The store's file {name}/{file} does not have the SHA-256 it was stored with; push it again.");
            Directory.CreateDirectory(folder);
            AtomicFile.Write(Path.Combine(folder, file), whole => whole.Write(bytes));
            files.Add(file);
        }
        return files;
    }
}
