using Npgsql;
using Sweeps.Log.Postgres;
using Tests.Shared;

namespace Runtime.Tests.Log;

[Collection(PostgresCollection.Name)]
public class PostgresSchemaTests(PostgresFixture postgres)
{
    [PostgresFact]
    public async Task Two_at_once_initialize_a_store_once()
    {
        await using var database = await postgres.NewDatabaseAsync();

        var found = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => PostgresStore.Migrator.ApplyAsync(database, default)));

        Assert.Equal(1, found.Count(version => version == 0));
        Assert.Equal(PostgresStore.Migrator.Version, await PostgresStore.Migrator.ApplyAsync(database, default));
        await PostgresStore.Migrator.CheckAsync(database, default);
    }

    [PostgresFact]
    public async Task A_store_that_was_never_initialized_is_refused_with_what_to_do()
    {
        await using var database = await postgres.NewDatabaseAsync();

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => PostgresStore.Migrator.CheckAsync(database, default));

        Assert.Contains("sweep store init", error.Message);
    }

    [PostgresFact]
    public async Task A_store_of_version_1_keeps_its_logs_and_loses_the_tables_of_nodes()
    {
        await using var database = await postgres.NewDatabaseAsync();
        await new PostgresMigrator("tables", "sweep_schema", 1, [PostgresStore.Script(1)]).ApplyAsync(database, default);
        await ExecuteAsync(database, "INSERT INTO sweep_event VALUES ('s', 1, now(), 'sweep_ended', '{}')");

        Assert.Equal(1, await PostgresStore.Migrator.ApplyAsync(database, default));

        await PostgresStore.Migrator.CheckAsync(database, default);
        await using var tables = database.CreateCommand("SELECT count(*) FROM sweep_event WHERE to_regclass('sweep_node') IS NULL");
        Assert.Equal(1L, await tables.ExecuteScalarAsync());
    }

    [PostgresFact]
    public async Task A_store_of_a_newer_version_is_refused()
    {
        await using var database = await postgres.NewStoreAsync();
        await ExecuteAsync(database, "UPDATE sweep_schema SET version = 99");

        Assert.Contains("99", (await Assert.ThrowsAsync<InvalidOperationException>(
            () => PostgresStore.Migrator.CheckAsync(database, default))).Message);
        await Assert.ThrowsAsync<InvalidOperationException>(() => PostgresStore.Migrator.ApplyAsync(database, default));
    }

    [PostgresFact]
    public async Task A_data_set_that_was_pushed_is_fetched_whole()
    {
        await using var database = await postgres.NewStoreAsync();
        using var folder = new TemporaryFolder();
        await File.WriteAllBytesAsync(folder["images"], [1, 2, 3]);
        await File.WriteAllBytesAsync(folder["labels"], [4]);
        var datasets = new PostgresDatasets(database);

        await datasets.PushAsync("tiny", [folder["images"], folder["labels"]], default);

        Assert.Equal(["images", "labels"], await datasets.FetchAsync("tiny", folder["fetched"], default));
        Assert.Equal([1, 2, 3], await File.ReadAllBytesAsync(Path.Combine(folder["fetched"], "images")));
        Assert.Empty(await datasets.FetchAsync("unknown", folder["other"], default));
    }

    private static async Task ExecuteAsync(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
