using Npgsql;
using Sweeps.Log.Postgres;

namespace Runtime.Tests.Log;

public class PostgresStoreTests
{
    [Theory]
    [InlineData("Host=127.0.0.1", 20, 20)]
    [InlineData("Host=127.0.0.1;Max Auto Prepare=0", 0, 20)]
    [InlineData("Host=127.0.0.1;MaxAutoPrepare=5;Maximum Pool Size=7", 5, 7)]
    public async Task Statements_are_prepared_and_connections_limited_unless_the_connection_string_says_otherwise(
        string connection, int prepared, int connections)
    {
        await using var store = PostgresStore.Open(connection);

        var used = new NpgsqlConnectionStringBuilder(store.ConnectionString);
        Assert.Equal((prepared, connections), (used.MaxAutoPrepare, used.MaxPoolSize));
    }
}
