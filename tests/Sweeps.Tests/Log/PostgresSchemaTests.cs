using Npgsql;
using Sweeps.Log.Postgres;
using Tests.Shared;

namespace Sweeps.Tests.Log;

[Collection(PostgresCollection.Name)]
public class PostgresSchemaTests(PostgresFixture postgres)
{
    [PostgresFact]
    public async Task Two_at_once_initialize_a_store_once()
    {
        await using var database = await postgres.NewDatabaseAsync();

        var found = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => PostgresSchema.InitializeAsync(database, default)));

        Assert.Equal(1, found.Count(version => version == 0));
        Assert.Equal(PostgresSchema.Version, await PostgresSchema.InitializeAsync(database, default));
        await PostgresSchema.CheckAsync(database, default);
    }

    [PostgresFact]
    public async Task A_store_that_was_never_initialized_is_refused_with_what_to_do()
    {
        await using var database = await postgres.NewDatabaseAsync();

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => PostgresSchema.CheckAsync(database, default));

        Assert.Contains("sweep store init", error.Message);
    }

    [PostgresFact]
    public async Task A_store_of_a_newer_version_is_refused()
    {
        await using var database = await postgres.NewStoreAsync();
        await using (var command = database.CreateCommand("UPDATE sweep_schema SET version = 99"))
            await command.ExecuteNonQueryAsync();

        Assert.Contains("99", (await Assert.ThrowsAsync<InvalidOperationException>(
            () => PostgresSchema.CheckAsync(database, default))).Message);
        await Assert.ThrowsAsync<InvalidOperationException>(() => PostgresSchema.InitializeAsync(database, default));
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
}
