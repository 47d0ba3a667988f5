using System.Net;
using Grains.Schema;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Orleans;
using Orleans.Configuration;
using Orleans.Runtime;
using Tests.Shared;

namespace Cluster.Silos;

public sealed class ClusterSchemaTests : IAsyncLifetime
{
    private PostgresServer postgres = null!;
    private NpgsqlDataSource source = null!;

    public async Task InitializeAsync()
    {
        if (PostgresServer.Missing is not null)
            return;
        postgres = await PostgresServer.StartAsync();
        source = NpgsqlDataSource.Create(postgres.ConnectionString());
    }

    public async Task DisposeAsync()
    {
        if (source is null)
            return;
        await source.DisposeAsync();
        await postgres.DisposeAsync();
    }

    [PostgresFact]
    public async Task Applied_by_eight_at_once_it_is_there_once_and_repeating_it_changes_nothing()
    {
        var found = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => ClusterSchema.Migrator.ApplyAsync(source, CancellationToken.None)));

        Assert.Single(found, 0);
        Assert.Equal(7, found.Count(version => version == ClusterSchema.Migrator.Version));
        Assert.Equal(16L, await ScalarAsync("SELECT count(*) FROM OrleansQuery"));
        Assert.Equal(ClusterSchema.Migrator.Version, await ClusterSchema.Migrator.ApplyAsync(source, CancellationToken.None));
        Assert.Contains("The store is ready.", await GuardedProcess.RunAsync(
            "dotnet", [Path.Combine(AppContext.BaseDirectory, "Silo.dll"), "--init-store", "--store", postgres.ConnectionString()]), StringComparison.Ordinal);
        Assert.Equal(0L, await ScalarAsync("SELECT count(*) FROM sweep_event"));
    }

    [PostgresFact]
    public async Task Tables_of_a_newer_program_are_refused_and_left_alone()
    {
        await ClusterSchema.Migrator.ApplyAsync(source, CancellationToken.None);
        await ExecuteAsync("INSERT INTO cluster_schema (version) VALUES (99)");

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => ClusterSchema.Migrator.ApplyAsync(source, CancellationToken.None));

        Assert.Contains("version 99", refused.Message, StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task Two_silos_find_each_other_in_it_and_leave()
    {
        await ClusterSchema.Migrator.ApplyAsync(source, CancellationToken.None);
        using var first = Silo(PostgresServer.FreePort(), PostgresServer.FreePort());
        using var second = Silo(PostgresServer.FreePort(), PostgresServer.FreePort());

        await first.StartAsync();
        await second.StartAsync();
        var hosts = await first.Services.GetRequiredService<IGrainFactory>().GetGrain<IManagementGrain>(0).GetHosts(onlyActive: true);
        await second.StopAsync();
        await first.StopAsync();

        Assert.Equal(2, hosts.Count);
        Assert.Equal(2L, await ScalarAsync($"SELECT count(*) FROM cluster_silo WHERE status = {(int)SiloStatus.Dead}"));
    }

    [PostgresFact]
    public async Task A_change_of_the_member_list_that_has_not_seen_the_last_one_is_refused()
    {
        await ClusterSchema.Migrator.ApplyAsync(source, CancellationToken.None);
        using var host = Silo(PostgresServer.FreePort(), PostgresServer.FreePort());
        var members = host.Services.GetRequiredService<IMembershipTable>();
        await members.InitializeMembershipTableAsync(tryInitTableVersion: true);
        var empty = (await members.ReadAllAsync()).Version;
        var one = Member(1);
        var two = Member(2);

        Assert.True(await members.InsertRowAsync(one, empty.Next()));
        Assert.False(await members.InsertRowAsync(two, empty.Next()));
        var after = await members.ReadAllAsync();
        var (inserted, etag) = Assert.Single(after.Members);
        Assert.Equal(one.SiloAddress, inserted.SiloAddress);

        one.Status = SiloStatus.Active;
        one.AddSuspector(two.SiloAddress, DateTime.UtcNow);
        Assert.False(await members.UpdateRowAsync(one, etag, empty.Next()));
        Assert.True(await members.UpdateRowAsync(one, etag, after.Version.Next()));
        Assert.False(await members.InsertRowAsync(one, (await members.ReadAllAsync()).Version.Next()));

        var row = await members.ReadRowAsync(one.SiloAddress);
        Assert.Equal(2, row.Version.Version);
        Assert.Equal(SiloStatus.Active, row.Members[0].Item1.Status);
        Assert.Equal(two.SiloAddress, row.Members[0].Item1.SuspectTimes![0].Item1);
        Assert.Empty((await members.ReadRowAsync(two.SiloAddress)).Members);
    }

    [PostgresFact]
    public async Task Old_silos_are_swept_away_unless_they_count_as_active()
    {
        await ClusterSchema.Migrator.ApplyAsync(source, CancellationToken.None);
        using var host = Silo(PostgresServer.FreePort(), PostgresServer.FreePort());
        var members = host.Services.GetRequiredService<IMembershipTable>();
        await members.InitializeMembershipTableAsync(tryInitTableVersion: true);
        var dead = Member(1);
        var active = Member(2);
        (dead.Status, active.Status) = (SiloStatus.Dead, SiloStatus.Active);
        foreach (var member in (MembershipEntry[])[dead, active])
            Assert.True(await members.InsertRowAsync(member, (await members.ReadAllAsync()).Version.Next()));
        var later = DateTime.UtcNow.AddMinutes(1);

        await members.CleanupDefunctSiloEntriesAsync(later);

        Assert.Equal(active.SiloAddress, Assert.Single((await members.ReadAllAsync()).Members).Item1.SiloAddress);
        await members.UpdateIAmAliveAsync(new MembershipEntry { SiloAddress = active.SiloAddress, IAmAliveTime = later });
        Assert.Equal(later, (await members.ReadRowAsync(active.SiloAddress)).Members[0].Item1.IAmAliveTime, TimeSpan.FromMilliseconds(1));
    }

    [PostgresFact]
    public async Task Reminders_are_kept_replaced_found_by_their_hash_and_deleted_by_their_tag()
    {
        await ClusterSchema.Migrator.ApplyAsync(source, CancellationToken.None);
        using var host = Silo(PostgresServer.FreePort(), PostgresServer.FreePort());
        var reminders = host.Services.GetRequiredService<IReminderTable>();
        await reminders.StartAsync(CancellationToken.None);
        var grain = GrainId.Create("sweep", "s-a");
        var hash = grain.GetUniformHashCode();
        var reminder = new ReminderEntry { GrainId = grain, ReminderName = "wake", StartAt = DateTime.UtcNow, Period = TimeSpan.FromDays(60) };

        var first = await reminders.UpsertRow(reminder);
        var second = await reminders.UpsertRow(reminder);

        Assert.NotEqual(first, second);
        var kept = await reminders.ReadRow(grain, "wake");
        Assert.Equal((second, reminder.Period), (kept!.ETag, kept.Period));
        Assert.Single((await reminders.ReadRows(grain)).Reminders);
        Assert.Single((await reminders.ReadRows(hash - 1, hash)).Reminders);
        Assert.Empty((await reminders.ReadRows(hash, hash + 1)).Reminders);
        Assert.Single((await reminders.ReadRows(hash, hash)).Reminders);
        Assert.False(await reminders.RemoveRow(grain, "wake", first!));
        Assert.True(await reminders.RemoveRow(grain, "wake", second!));
        Assert.Null(await reminders.ReadRow(grain, "wake"));
    }

    private IHost Silo(int port, int gateway)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.UseOrleans(silo => silo
            .Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = ("test", "test"))
            .ConfigureEndpoints(IPAddress.Loopback, port, gateway)
            .UseAdoNetClustering(options => (options.Invariant, options.ConnectionString) = ("Npgsql", postgres.ConnectionString()))
            .UseAdoNetReminderService(options => (options.Invariant, options.ConnectionString) = ("Npgsql", postgres.ConnectionString())));
        return builder.Build();
    }

    private static MembershipEntry Member(int generation) => new()
    {
        SiloAddress = SiloAddress.New(IPAddress.Loopback, 11111, generation),
        SiloName = $"silo-{generation}",
        HostName = "here",
        Status = SiloStatus.Joining,
        ProxyPort = 30000,
        StartTime = DateTime.UtcNow,
        IAmAliveTime = DateTime.UtcNow,
    };

    private async Task<object?> ScalarAsync(string sql)
    {
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
