using System.Collections.Immutable;
using System.Net;
using System.Reflection;
using System.Threading.Channels;
using Grains.Contracts;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Orleans;
using Orleans.Runtime;
using Silo.Orleans;

namespace Cluster.Silos;

public sealed class MembershipWatcherTests
{
    [Fact]
    public async Task A_death_that_no_sweep_can_be_told_of_does_not_end_the_watch()
    {
        var membership = new Membership();
        var grains = DispatchProxy.Create<IGrainFactory, Unreachable>();
        using var watcher = new MembershipWatcher(membership, grains, NullLogger<MembershipWatcher>.Instance);
        await watcher.StartAsync(CancellationToken.None);

        membership.Declare(dead: 1);
        membership.Declare(dead: 2);

        await ((Unreachable)(object)grains).AskedTwice.Task.WaitAsync(TimeSpan.FromSeconds(90));
        await watcher.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Only_a_silo_that_dies_after_the_start_is_logged()
    {
        var membership = new Membership();
        var log = new Lines();
        using var watcher = new MembershipWatcher(membership, DispatchProxy.Create<IGrainFactory, WithoutSweeps>(), log);
        membership.Declare(dead: 2);
        membership.Declare(dead: 3);
        await watcher.StartAsync(CancellationToken.None);
        membership.End();
        await watcher.ExecuteTask!.WaitAsync(TimeSpan.FromSeconds(30));

        Assert.StartsWith("Silo 127.0.0.1:3@1 has left", Assert.Single(log), StringComparison.Ordinal);
    }

    /// <summary>A membership service in which silos are declared dead one after the other.</summary>
    private sealed class Membership : IClusterMembershipService
    {
        private readonly Channel<ClusterMembershipSnapshot> updates = Channel.CreateUnbounded<ClusterMembershipSnapshot>();

        public ClusterMembershipSnapshot CurrentSnapshot => throw new NotSupportedException();

        public IAsyncEnumerable<ClusterMembershipSnapshot> MembershipUpdates => updates.Reader.ReadAllAsync();

        public void Declare(int dead)
        {
            var members = Enumerable.Range(1, dead).Select(port => SiloAddress.New(IPAddress.Loopback, port, 1))
                .ToImmutableDictionary(silo => silo, silo => new ClusterMember(silo, SiloStatus.Dead, "gone"));
            Assert.True(updates.Writer.TryWrite(new ClusterMembershipSnapshot(members, new MembershipVersion(dead))));
        }

        public void End() => updates.Writer.Complete();

        public ValueTask Refresh(MembershipVersion minimumVersion, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<bool> TryKill(SiloAddress siloAddress) => throw new NotSupportedException();
    }

    /// <summary>The messages that were logged.</summary>
    private sealed class Lines : List<string>, ILogger<MembershipWatcher>
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Add(formatter(state, exception));
    }

    /// <summary>A directory that knows no sweep with work.</summary>
    public class WithoutSweeps : DispatchProxy
    {
        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => targetMethod!.ReturnType == typeof(Task<SweepDescription[]>)
            ? Task.FromResult<SweepDescription[]>([])
            : typeof(DispatchProxy).GetMethod(nameof(Create), 2, [])!.MakeGenericMethod(targetMethod.ReturnType, typeof(WithoutSweeps)).Invoke(null, null);
    }

    /// <summary>Grains whose store is not available: the caller gets the exception that the grain throws.</summary>
    public class Unreachable : DispatchProxy
    {
        private int asked;

        public TaskCompletionSource AskedTwice { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            if (++asked == 2)
                AskedTwice.SetResult();
            throw new NpgsqlException("Connection refused");
        }
    }
}
