using System.Reflection;
using Grains;
using Orleans.Runtime;
using Silo.Health;
using Sweeps.Core;
using Sweeps.Log;
using Sweeps.Nodes;
using Sweeps.Programs;
using Sweeps.Runs;
using Sweeps.Telemetry;

namespace Silo.Orleans;

/// <summary>Registers the node's worker, which gets sweeps from the directory grain and starts runs as grains on this silo.</summary>
internal static class NodeRegistration
{
    private static readonly string Version = typeof(NodeRegistration).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    public static void Add(IServiceCollection services)
    {
        services.AddSingleton<NodeDrain>();
        services.AddSingleton(provider => new NodeIdentity(
            OrleansHost.NodeName(provider.GetRequiredService<ILocalSiloDetails>().SiloAddress), provider.GetRequiredService<SlotPool>(), Version,
            provider.GetRequiredService<NodeDrain>(), () => provider.GetRequiredService<NodeHealth>().StoreTrouble));
        services.AddSingleton(Directory);
        services.AddSingleton(Worker);
    }

    private static NodeDirectory Directory(IServiceProvider services)
    {
        var identity = services.GetRequiredService<NodeIdentity>();
        var grains = services.GetRequiredService<IGrainFactory>();
        var time = services.GetRequiredService<TimeProvider>();
        var logger = services.GetRequiredService<ILoggerFactory>().CreateLogger("Sweeps.Run");
        return new NodeDirectory(
            grains, identity, services.GetRequiredService<NodeTrainables>(), services.GetRequiredService<SpecReader>(),
            (coordinator, spec, trainable) => new GrainLauncher(
                grains, services.GetRequiredService<ILocalSiloDetails>(), services.GetRequiredService<PendingAssignments>(),
                new RunContext(
                    identity.Name, coordinator, services.GetRequiredService<ICheckpointStore>(), trainable, spec.Objective, spec.Checkpoint, time,
                    services.GetRequiredService<SweepMetrics>(), logger)
                {
                    Programs = services.GetService<ProgramHost>(),
                }),
            time, services.GetRequiredService<ILogger<NodeDirectory>>());
    }

    private static NodeWorker Worker(IServiceProvider services)
    {
        var worker = new NodeWorker(
            services.GetRequiredService<NodeIdentity>().Name, services.GetRequiredService<SlotPool>(),
            services.GetRequiredService<NodeDirectory>(), new NodeOptions(), services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<SweepMetrics>(), services.GetRequiredService<ILoggerFactory>().CreateLogger("Sweeps.Node"),
            services.GetRequiredService<NodeDrain>());
        services.GetRequiredService<NodeWake>().Set(worker);
        return worker;
    }
}

/// <summary>
/// Runs the node's worker. It is registered after Orleans, so that it stops before Orleans does and drains the slots while the silo is still a member of
/// its cluster.
/// </summary>
internal sealed class NodeHostedService(NodeWorker worker, NodeHealth health, NodeDrain drain, ILogger<NodeHostedService> logger) : BackgroundService
{
    /// <inheritdoc/>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        // The silo has joined, because Orleans starts before this service. Not in ExecuteAsync, which may begin after the host has reported that it
        // is ready: a probe would then find the node not ready, and a drain would not be shown.
        drain.Changed += ShowDrain;
        health.Joined();
        return base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        logger.NodeStarted(worker.Node);
        await worker.RunAsync(stoppingToken);
        logger.NodeDrained(worker.Node);
    }

    private void ShowDrain() => health.Draining(drain.On);
}
