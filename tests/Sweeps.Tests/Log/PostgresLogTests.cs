using Sweeps.Core;
using Sweeps.Log.Postgres;
using Tests.Shared;

namespace Sweeps.Tests.Log;

[Collection(PostgresCollection.Name)]
public class PostgresLogTests(PostgresFixture postgres)
{
    [PostgresFact]
    public async Task The_file_that_holds_is_the_last_one_a_person_has_put_in_place()
    {
        await using var database = await postgres.NewStoreAsync();
        var log = new PostgresLog(database);
        var seq = 0L;
        Task AppendAsync(SweepEvent fact) => log.AppendAsync("a", [new LoggedEvent(++seq, DateTimeOffset.UnixEpoch, fact)], default);

        Assert.Null(await log.SpecTextAsync("a", default));
        await AppendAsync(new SweepCreated("a", "first", "me"));
        await AppendAsync(new SweepSteered("me", "", new SteerAction.Pause()));
        Assert.Equal("first", await log.SpecTextAsync("a", default));
        await AppendAsync(new SweepSteered("me", "", new SteerAction.Change("second")));
        await AppendAsync(new SweepSteered("me", "", new SteerAction.Resume()));
        Assert.Equal("second", await log.SpecTextAsync("a", default));
    }
}
