using System.Net;
using Grains;
using Grains.Contracts;
using Sweeps.Core;
using Sweeps.Log;
using Sweeps.Page;

namespace Silo.Health;

/// <summary>The page of <c>sweep ui</c> for the sweeps of the cluster, at <c>/sweeps/</c>. It admits the same requests as the dashboard.</summary>
internal static class SweepPage
{
    public static void MapSweepPage(this WebApplication app, string? password, IPAddress address)
    {
        var guard = OrleansDashboard.Guard(password, address);
        var server = new PageServer(
            new SiloPageSource(app.Services.GetRequiredService<IEventLog>(), app.Services.GetRequiredService<ICheckpointStore>(), app.Services.GetRequiredService<IGrainFactory>()),
            guard, app.Services.GetRequiredService<TimeProvider>());
        app.Lifetime.ApplicationStopped.Register(server.Dispose);
        var group = app.MapGroup("/sweeps");
        group.AddEndpointFilter((context, next) => OrleansDashboard.AdmitAsync(context, next, password, guard));
        server.Map(group, tokenInPage: true);
    }

    /// <summary>Reads the log and the checkpoints of the cluster's store, and sends requests to steer to the grains.</summary>
    private sealed class SiloPageSource(IEventLog log, ICheckpointStore checkpoints, IGrainFactory grains) : IPageSource
    {
        public string Place => "this cluster";

        public bool CanSteer => true;

        public bool CanEdit => false;

        public Task<IReadOnlyList<string>> ListAsync(CancellationToken cancel) => log.ListAsync(cancel);

        public IAsyncEnumerable<LoggedEvent> ReadAsync(string sweep, long afterSeq, CancellationToken cancel) => log.ReadAsync(sweep, afterSeq, cancel);

        public async Task<string?> WorkerAsync(string sweep, CancellationToken cancel)
        {
            var nodes = (await grains.GetGrain<ISweepDirectoryGrain>(ISweepDirectoryGrain.Key).Nodes(cancel)).Count(node => !node.Draining);
            return nodes == 0 ? null : nodes == 1 ? "1 node" : $"{nodes} nodes";
        }

        public Task<StoredCheckpoint?> BestWeightsAsync(string sweep, int run, CancellationToken cancel) => checkpoints.LoadBestAsync(sweep, run, cancel);

        public Task<SteerReply> SteerAsync(string sweep, PageRequest request, CancellationToken cancel)
        {
            var action = request.ToAction()
                ?? throw new PageRequestException("A silo does not enqueue configurations: use ./sweep ui --cluster, or ./sweep enqueue.");
            return new GrainCoordinator(grains, sweep).SendAsync(new Steer(new SweepSteered("page", request.Why, action, Guid.NewGuid().ToString("N"))), cancel);
        }

        public SweepSpec Changed(string spec, IReadOnlyList<(string Key, string Value)> changes) =>
            throw new PageRequestException("A silo does not replay sweeps: use ./sweep ui with --cluster, or ./sweep whatif.");
    }
}
