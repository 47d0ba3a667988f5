using Npgsql;
using Sweeps.Log.Postgres;
using Tests.Shared;

namespace Runtime.Tests.Log;

/// <summary>One server for all tests of the collection, started by the first test that needs it.</summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    private readonly Lazy<Task<PostgresServer>> server = new(PostgresServer.StartAsync);
    private int databases;

    public Task<PostgresServer> Server => server.Value;

    public Task InitializeAsync() => Task.CompletedTask;

    /// <summary>A new, empty database.</summary>
    public async Task<NpgsqlDataSource> NewDatabaseAsync() => NpgsqlDataSource.Create(
        await (await Server).CreateDatabaseAsync($"test_{Interlocked.Increment(ref databases)}"));

    /// <summary>A new database with the store's tables.</summary>
    public async Task<NpgsqlDataSource> NewStoreAsync()
    {
        var database = await NewDatabaseAsync();
        await PostgresStore.Migrator.ApplyAsync(database, default);
        return database;
    }

    public async Task DisposeAsync()
    {
        if (server.IsValueCreated)
            await (await server.Value).DisposeAsync();
    }
}

[CollectionDefinition(Name)]
public sealed class PostgresCollection : ICollectionFixture<PostgresFixture>
{
    public const string Name = "postgres";
}
