using Npgsql;
using Sweeps.Core;
using Sweeps.Log;
using Sweeps.Log.Folder;
using Sweeps.Log.Postgres;
using Tests.Shared;

namespace Runtime.Tests.Log;

/// <summary>Requirements on every store: the folder and, if a server is installed, PostgreSQL.</summary>
[Collection(PostgresCollection.Name)]
public sealed class StoreComplianceTests(PostgresFixture postgres) : IDisposable
{
    private readonly List<IDisposable> opened = [];

    private static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero);

    public static IEnumerable<object[]> Stores => PostgresServer.Missing is null ? [["folder"], ["postgres"]] : [["folder"]];

    [PostgresFact]
    public void Postgres_is_among_the_stores() => Assert.Contains(Stores, row => row is ["postgres"]);

    [Theory, MemberData(nameof(Stores))]
    public async Task What_was_appended_is_read_back_in_order(string store)
    {
        var (log, _) = await NewAsync(store);
        var events = Sample.AllEvents();
        await log.AppendAsync("a", [events[0]], default);
        await log.AppendAsync("a", [.. events.Skip(1).Take(5)], default);
        await log.AppendAsync("a", [.. events.Skip(6)], default);

        Assert.Equal(events.Select(Sample.Text), (await ReadAsync(log, "a", 0)).Select(Sample.Text));
        Assert.Equal(events.Skip(3).Select(Sample.Text), (await ReadAsync(log, "a", 3)).Select(Sample.Text));
        Assert.Equal(events.Skip(3).Take(4).Select(Sample.Text), (await ReadAsync(log, "a", 3, 4)).Select(Sample.Text));
        Assert.Equal(events.Skip(7).Select(Sample.Text), (await ReadAsync(log, "a", 7, 1000)).Select(Sample.Text));
        Assert.Empty(await ReadAsync(log, "a", events.Count));
        Assert.Empty(await ReadAsync(log, "unknown", 0));
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task Code_is_deleted_when_nobody_has_sent_it_or_asked_for_it_for_an_hour(string store)
    {
        using var folder = new TemporaryFolder();
        await using var database = store == "folder" ? null : await postgres.NewStoreAsync();
        ICodeStore code = database is null ? new FolderCode(folder.Path, TimeProvider.System) : new PostgresCode(database);
        byte[] archive = [1, 2, 3];
        var sha256 = ICodeStore.HashOf(archive);
        Assert.False(await code.HasAsync(sha256, default));

        await code.SaveAsync(archive, default);
        Assert.Empty(await code.ListAsync(default));
        Assert.False(await code.DeleteAsync(sha256, default));

        // A client that asks for an old one will create a sweep that needs it.
        await AgeAsync();
        Assert.Equal(new StoredCode(sha256, 3), Assert.Single(await code.ListAsync(default)));
        Assert.True(await code.HasAsync(sha256, default));
        Assert.False(await code.DeleteAsync(sha256, default));

        await AgeAsync();
        await code.SaveAsync(archive, default);
        Assert.Empty(await code.ListAsync(default));
        await AgeAsync();
        Assert.True(await code.DeleteAsync(sha256, default));
        Assert.Null(await code.LoadAsync(sha256, default));

        async Task AgeAsync()
        {
            if (database is null)
            {
                File.SetLastWriteTimeUtc(Assert.Single(Directory.GetFiles(folder.Path)), DateTime.UtcNow - 2 * ICodeStore.Grace);
                return;
            }
            await using var command = database.CreateCommand("UPDATE program_code SET at = at - interval '2 hours'");
            await command.ExecuteNonQueryAsync();
        }
    }

    [Fact]
    public async Task A_node_keeps_the_code_that_it_uses_and_drops_what_it_does_not()
    {
        using var folder = new TemporaryFolder();
        var store = new FolderCode(folder["store"], TimeProvider.System);
        var cache = new CodeCache(folder["cache"], store, TimeProvider.System);
        var (first, second) = ((byte[])[1], (byte[])[2]);
        await store.SaveAsync(first, default);
        Assert.Equal(first, await cache.LoadAsync(ICodeStore.HashOf(first), default));
        File.Delete(Assert.Single(Directory.GetFiles(folder["store"])));
        await store.SaveAsync(second, default);

        // From the cache alone; then it is not used for long, and another archive takes its place.
        Assert.Equal(first, await cache.LoadAsync(ICodeStore.HashOf(first), default));
        File.SetLastWriteTimeUtc(Assert.Single(Directory.GetFiles(folder["cache"])), DateTime.UtcNow - 2 * ICodeStore.Grace);
        Assert.Equal(second, await cache.LoadAsync(ICodeStore.HashOf(second), default));
        Assert.StartsWith(ICodeStore.HashOf(second), Path.GetFileName(Assert.Single(Directory.GetFiles(folder["cache"]))), StringComparison.Ordinal);
        Assert.Null(await cache.LoadAsync(ICodeStore.HashOf(first), default));

        // A damaged file of the cache is fetched again.
        File.WriteAllBytes(Assert.Single(Directory.GetFiles(folder["cache"])), [9]);
        Assert.Equal(second, await cache.LoadAsync(ICodeStore.HashOf(second), default));
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task An_append_that_does_not_follow_the_last_event_conflicts_and_changes_nothing(string store)
    {
        var (log, _) = await NewAsync(store);
        await log.AppendAsync("a", [Created(1), Assigned(2)], default);

        await Assert.ThrowsAsync<LogConflictException>(() => log.AppendAsync("a", [Created(1)], default));
        await Assert.ThrowsAsync<LogConflictException>(() => log.AppendAsync("a", [Assigned(2), Assigned(3)], default));
        await Assert.ThrowsAsync<LogConflictException>(() => log.AppendAsync("a", [Assigned(4)], default));

        Assert.Equal(2, (await ReadAsync(log, "a", 0)).Count);
        await log.AppendAsync("a", [Assigned(3)], default);
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task Of_many_that_append_at_once_exactly_one_wins_each_number(string store)
    {
        var (log, _) = await NewAsync(store);
        await log.AppendAsync("a", [Created(1)], default);
        var won = 0;
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            for (var seq = 2; seq < 12; seq++)
            {
                try
                {
                    await log.AppendAsync("a", [Assigned(seq)], default);
                    Interlocked.Increment(ref won);
                }
                catch (LogConflictException)
                {
                    // Another writer took this number.
                }
            }
        })));

        var seqs = (await ReadAsync(log, "a", 0)).Select(logged => logged.Seq).ToList();
        Assert.Equal(Enumerable.Range(1, seqs.Count).Select(n => (long)n), seqs);
        Assert.Equal(seqs.Count - 1, won);
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task Sweeps_are_listed_newest_first(string store)
    {
        var (log, _) = await NewAsync(store);
        Assert.Empty(await log.ListAsync(default));
        await log.AppendAsync("older", [Created(1)], default);
        await log.AppendAsync("newer", [Created(1) with { At = Start.AddHours(1) }], default);
        await log.AppendAsync("older", [Assigned(2) with { At = Start.AddHours(2) }], default);

        Assert.Equal(["newer", "older"], await log.ListAsync(default));
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task The_newest_snapshot_is_read_back(string store)
    {
        var (log, _) = await NewAsync(store);
        await log.AppendAsync("a", [Created(1)], default);
        Assert.Null(await log.ReadSnapshotAsync("a", default));
        await log.WriteSnapshotAsync("a", new LogSnapshot(5, new byte[] { 1, 2 }), default);
        await log.WriteSnapshotAsync("a", new LogSnapshot(9, new byte[] { 3 }), default);

        var snapshot = await log.ReadSnapshotAsync("a", default);

        Assert.Equal(9, snapshot!.Seq);
        Assert.Equal([3], snapshot.Payload.ToArray());
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task The_two_newest_checkpoints_of_a_run_are_kept_and_the_newest_is_loaded(string store)
    {
        var (log, checkpoints) = await NewAsync(store);
        await log.AppendAsync("a", [Created(1)], default);
        Assert.Null(await checkpoints.LoadAsync("a", 0, default));
        Assert.True(await checkpoints.ClaimAsync("a", 0, 1, default));
        foreach (var epoch in (int[])[1, 2, 3])
            Assert.True(await checkpoints.SaveAsync("a", new StoredCheckpoint(0, epoch, 1, new byte[] { (byte)epoch }), default));
        Assert.True(await checkpoints.SaveAsync("a", new StoredCheckpoint(0, 3, 1, new byte[] { 33 }), default));

        var newest = await checkpoints.LoadAsync("a", 0, default);

        Assert.Equal((0, 3, 1), (newest!.Run, newest.Epoch, newest.Generation));
        Assert.Equal([33], newest.Data.ToArray());
        Assert.Null(await checkpoints.LoadAsync("a", 1, default));
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task An_older_generation_can_neither_claim_nor_save(string store)
    {
        var (log, checkpoints) = await NewAsync(store);
        await log.AppendAsync("a", [Created(1)], default);
        Assert.True(await checkpoints.ClaimAsync("a", 0, 1, default));
        Assert.True(await checkpoints.SaveAsync("a", new StoredCheckpoint(0, 1, 1, new byte[] { 1 }), default));
        Assert.True(await checkpoints.ClaimAsync("a", 0, 2, default));
        Assert.True(await checkpoints.ClaimAsync("a", 0, 2, default));

        Assert.False(await checkpoints.ClaimAsync("a", 0, 1, default));
        Assert.False(await checkpoints.SaveAsync("a", new StoredCheckpoint(0, 9, 1, new byte[] { 9 }), default));

        Assert.Equal(1, (await checkpoints.LoadAsync("a", 0, default))!.Epoch);
        Assert.True(await checkpoints.SaveAsync("a", new StoredCheckpoint(0, 2, 2, new byte[] { 2 }), default));
        Assert.Equal(2, (await checkpoints.LoadAsync("a", 0, default))!.Generation);
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task A_save_claims_its_run(string store)
    {
        var (log, checkpoints) = await NewAsync(store);
        await log.AppendAsync("a", [Created(1)], default);
        Assert.True(await checkpoints.SaveAsync("a", new StoredCheckpoint(0, 1, 2, new byte[] { 2 }), default));

        Assert.False(await checkpoints.SaveAsync("a", new StoredCheckpoint(0, 9, 1, new byte[] { 9 }), default));
        Assert.False(await checkpoints.ClaimAsync("a", 0, 1, default));

        Assert.Equal(1, (await checkpoints.LoadAsync("a", 0, default))!.Epoch);
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task The_weights_of_the_best_epoch_stand_beside_the_checkpoints_behind_the_same_fence(string store)
    {
        var (log, checkpoints) = await NewAsync(store);
        await log.AppendAsync("a", [Created(1)], default);
        Assert.Null(await checkpoints.LoadBestAsync("a", 0, default));
        Assert.True(await checkpoints.SaveBestAsync("a", new StoredCheckpoint(0, 7, 2, new byte[] { 7 }), default));
        Assert.True(await checkpoints.SaveBestAsync("a", new StoredCheckpoint(0, 3, 2, new byte[] { 3 }), default));
        for (var epoch = 4; epoch < 8; epoch++)
            Assert.True(await checkpoints.SaveAsync("a", new StoredCheckpoint(0, epoch, 2, new byte[] { 0 }), default));

        Assert.False(await checkpoints.SaveBestAsync("a", new StoredCheckpoint(0, 9, 1, new byte[] { 9 }), default));
        Assert.False(await checkpoints.ClaimAsync("a", 0, 1, default));

        var best = (await checkpoints.LoadBestAsync("a", 0, default))!;
        Assert.Equal((3, 2), (best.Epoch, best.Generation));
        Assert.Equal([3], best.Data.ToArray());
        await checkpoints.DeleteAsync("a", [0], default);
        Assert.Null(await checkpoints.LoadBestAsync("a", 0, default));
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task The_newest_checkpoint_is_that_of_the_newest_generation_also_when_the_run_had_to_start_again(string store)
    {
        var (log, checkpoints) = await NewAsync(store);
        await log.AppendAsync("a", [Created(1)], default);
        foreach (var (epoch, generation) in new[] { (7, 1), (8, 1), (1, 2) })
            Assert.True(await checkpoints.SaveAsync("a", new StoredCheckpoint(0, epoch, generation, new byte[] { 0 }), default));

        Assert.Equal(1, (await checkpoints.LoadAsync("a", 0, default))!.Epoch);
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task A_checkpoint_of_many_megabytes_is_kept_whole_behind_the_fence(string store)
    {
        var (log, checkpoints) = await NewAsync(store);
        await log.AppendAsync("a", [Created(1)], default);
        var large = new byte[PostgresCheckpoints.PieceLength + 12_345];
        new Random(3).NextBytes(large);
        Assert.True(await checkpoints.SaveAsync("a", new StoredCheckpoint(0, 1, 2, large), default));
        Assert.False(await checkpoints.SaveAsync("a", new StoredCheckpoint(0, 2, 1, large), default));

        Assert.True((await checkpoints.LoadAsync("a", 0, default))!.Data.Span.SequenceEqual(large));
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task Deleted_checkpoints_are_gone_and_others_stay(string store)
    {
        var (log, checkpoints) = await NewAsync(store);
        await log.AppendAsync("a", [Created(1)], default);
        for (var run = 0; run < 3; run++)
        {
            await checkpoints.ClaimAsync("a", run, 1, default);
            await checkpoints.SaveAsync("a", new StoredCheckpoint(run, 1, 1, new byte[] { 1 }), default);
        }

        await checkpoints.DeleteAsync("a", [0, 2, 77], default);

        Assert.Null(await checkpoints.LoadAsync("a", 0, default));
        Assert.NotNull(await checkpoints.LoadAsync("a", 1, default));
        Assert.Null(await checkpoints.LoadAsync("a", 2, default));
    }

    private static async Task<List<LoggedEvent>> ReadAsync(IEventLog log, string sweep, long after, int limit = int.MaxValue)
    {
        var events = new List<LoggedEvent>();
        await foreach (var logged in log.ReadAsync(sweep, after, default, limit))
            events.Add(logged);
        return events;
    }

    private static LoggedEvent Created(long seq) => new(seq, Start, new SweepCreated("a", "method: grid", "a test"));

    private static LoggedEvent Assigned(long seq) => new(seq, Start, new RunAssigned(0, (int)seq, "node", 3));

    public void Dispose() => opened.ForEach(thing => thing.Dispose());

    [Theory, MemberData(nameof(Stores))]
    public async Task A_probe_of_whether_the_store_takes_writes_leaves_nothing_behind(string store)
    {
        var (log, _) = await NewAsync(store);

        await (log is PostgresLog postgresLog ? postgresLog.ProbeAsync(default) : ((FolderLog)log).ProbeAsync(default));

        Assert.Empty(await log.ListAsync(default));
        await log.AppendAsync("a", [Created(1)], default);
        Assert.Equal(["a"], await log.ListAsync(default));
    }

    [PostgresFact]
    public async Task A_probe_fails_where_rows_may_not_be_written()
    {
        await using var database = await postgres.NewStoreAsync();
        await using var command = database.CreateCommand(
            "CREATE ROLE reader LOGIN; GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader");
        await command.ExecuteNonQueryAsync();
        var settings = new NpgsqlConnectionStringBuilder(database.ConnectionString) { Username = "reader" };
        await using var reader = NpgsqlDataSource.Create(settings);

        var error = await Assert.ThrowsAsync<PostgresException>(() => new PostgresLog(reader).ProbeAsync(default));
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, error.SqlState);
    }

    private async Task<(IEventLog Log, ICheckpointStore Checkpoints)> NewAsync(string store)
    {
        if (store == "postgres")
        {
            var database = await postgres.NewStoreAsync();
            opened.Add(database);
            return (new PostgresLog(database), new PostgresCheckpoints(database));
        }
        var folder = new TemporaryFolder();
        var home = new SweepHome(folder.Path);
        var log = new FolderLog(home, TimeProvider.System);
        opened.AddRange([log, folder]);
        return (log, new FolderCheckpoints(home));
    }
}
