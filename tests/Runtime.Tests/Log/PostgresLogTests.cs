using Npgsql;
using Sweeps.Coordination;
using Sweeps.Core;
using Sweeps.Log.Postgres;
using Tests.Shared;

namespace Runtime.Tests.Log;

[Collection(PostgresCollection.Name)]
public class PostgresLogTests(PostgresFixture postgres)
{
    [PostgresFact]
    public async Task Pages_of_a_long_log_read_each_row_once()
    {
        await using var database = await postgres.NewStoreAsync();
        var settings = new NpgsqlConnectionStringBuilder(database.ConnectionString) { MaxPoolSize = 1 };
        await using var single = NpgsqlDataSource.Create(settings);
        var log = new PostgresLog(single);
        await log.AppendAsync("a", [.. Enumerable.Range(1, 4000).Select(seq => new LoggedEvent(seq, DateTimeOffset.UnixEpoch, new RunAssigned(0, seq, "node", 3)))], default);
        await using var analyze = single.CreateCommand("VACUUM ANALYZE sweep_event");
        await analyze.ExecuteNonQueryAsync();
        var before = await RowsReadAsync();

        var committed = new CommittedEvents(log, "a", 4000);
        var events = 0;
        for (IReadOnlyList<LoggedEvent> page; (page = await committed.ReadAsync(events, 100, default)).Count > 0; events += page.Count)
            Assert.Equal(events + 1, page[0].Seq);

        Assert.Equal(4000, events);
        Assert.InRange(await RowsReadAsync() - before, 0, 3 * 4000);

        async Task<long> RowsReadAsync()
        {
            await using var flush = single.CreateCommand("SELECT pg_stat_force_next_flush()");
            await flush.ExecuteNonQueryAsync();
            await using var count = single.CreateCommand(
                "SELECT coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0) FROM pg_stat_user_tables WHERE relname = 'sweep_event'");
            return (long)(await count.ExecuteScalarAsync())!;
        }
    }
}
