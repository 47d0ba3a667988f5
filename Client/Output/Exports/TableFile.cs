using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;
using Parquet;
using Parquet.Schema;

namespace Client.Output.Exports;

/// <summary>Writes tables to files. The extension of the file selects the format.</summary>
public static class TableFile
{
    /// <summary>The extensions that <see cref="Write"/> supports.</summary>
    public static IReadOnlyList<string> Extensions { get; } = [".csv", ".parquet", ".sqlite", ".db"];

    /// <summary>
    /// Writes a file atomically; an existing file, including a database, is replaced. Throws <see cref="UsageException"/>.
    /// </summary>
    public static void Write(FileInfo file, ExportTable table)
    {
        switch (file.Extension.ToLowerInvariant())
        {
            case ".csv":
                OutputFile.Write(file.FullName, stream => WriteCsv(stream, table));
                break;
            case ".parquet":
                OutputFile.Write(file.FullName, stream => WriteParquetAsync(stream, table).GetAwaiter().GetResult());
                break;
            default:
                WriteSqlite(file, [table]);
                break;
        }
    }

    /// <summary>
    /// Writes CSV by RFC 4180: cells with commas, quotes, line breaks or outer spaces are quoted; numbers are in invariant culture and
    /// parse to the same bits; a missing value is an empty cell.
    /// </summary>
    public static void WriteCsv(Stream stream, ExportTable table)
    {
        using var writer = new StreamWriter(stream, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\n" };
        writer.WriteLine(string.Join(',', table.Columns.Select(column => Quote(column.Name))));
        for (var row = 0; row < table.Rows; row++)
            writer.WriteLine(string.Join(',', table.Columns.Select(column => Quote(Text(column.Cells[row])))));
    }

    /// <summary>Writes tables to a new SQLite database, atomically. NaN, which SQLite cannot store, is written as NULL.</summary>
    public static void WriteSqlite(FileInfo file, IReadOnlyList<ExportTable> tables)
    {
        var aside = file.FullName + $".{Guid.NewGuid():N}.tmp";
        try
        {
            using (var database = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = aside, Pooling = false }.ToString()))
            {
                database.Open();
                using var transaction = database.BeginTransaction();
                foreach (var table in tables)
                    Insert(database, table);
                transaction.Commit();
            }
            File.Move(aside, file.FullName, overwrite: true);
        }
        catch (Exception problem) when (problem is SqliteException or IOException or UnauthorizedAccessException)
        {
            throw OutputFile.Refused(file.ToString(), problem);
        }
        finally
        {
            // File.Delete throws when the folder does not exist, which would replace the original error.
            if (File.Exists(aside))
                File.Delete(aside);
        }
    }

    private static void Insert(SqliteConnection database, ExportTable table)
    {
        using var create = database.CreateCommand();
        create.CommandText = $"CREATE TABLE {Identifier(table.Name)} ({string.Join(", ", table.Columns.Select(column => $"{Identifier(column.Name)} {SqlType(column.Type)}"))})";
        create.ExecuteNonQuery();
        using var insert = database.CreateCommand();
        insert.CommandText = $"INSERT INTO {Identifier(table.Name)} VALUES ({string.Join(", ", table.Columns.Select((_, i) => $"$p{i}"))})";
        var values = table.Columns.Select((_, i) => insert.Parameters.AddWithValue($"$p{i}", DBNull.Value)).ToList();
        for (var row = 0; row < table.Rows; row++)
        {
            for (var i = 0; i < values.Count; i++)
                values[i].Value = table.Columns[i].Cells[row] switch
                {
                    null or double.NaN => DBNull.Value,
                    DateTime at => Text(at),
                    var cell => cell,
                };
            insert.ExecuteNonQuery();
        }
    }

    private static async Task WriteParquetAsync(Stream stream, ExportTable table)
    {
        var fields = table.Columns.Select(column => new DataField(column.Name, column.Type, isNullable: true)).ToArray();
        await using var writer = await ParquetWriter.CreateAsync(new ParquetSchema(fields), stream);
        using var group = writer.CreateRowGroup();
        foreach (var (field, column) in fields.Zip(table.Columns))
        {
            if (column.Type == typeof(string))
                await group.WriteAsync(field, [.. column.Cells.Select(cell => (string)cell!)]);
            else if (column.Type == typeof(long))
                await group.WriteAsync<long>(field, Cells<long>(column));
            else if (column.Type == typeof(double))
                await group.WriteAsync<double>(field, Cells<double>(column));
            else
                await group.WriteAsync<DateTime>(field, Cells<DateTime>(column));
        }
    }

    private static ReadOnlyMemory<T?> Cells<T>(ExportColumn column) where T : struct => column.Cells.Select(cell => (T?)cell).ToArray();

    private static string Identifier(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static string SqlType(Type type) => type == typeof(long) ? "INTEGER" : type == typeof(double) ? "REAL" : "TEXT";

    private static string Text(object? cell) => cell switch
    {
        null => "",
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        DateTime at => at.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => cell.ToString()!,
    };

    private static string Quote(string cell) => cell.AsSpan().IndexOfAny(",\"\r\n") < 0 && cell.Trim() == cell
        ? cell : $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
