using Grains.Contracts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.Serialization;
using Orleans.TestingHost;
using Sweeps.Coordination;
using Sweeps.Core;
using Sweeps.Core.Search;
using Sweeps.Files;
using Sweeps.Log;
using Sweeps.Log.Folder;
using Sweeps.Nodes;
using Sweeps.Runs;
using Sweeps.Telemetry;
using Tests.Shared;

namespace Grains.Tests;

/// <summary>Silos in this process with the product's grains, each with a node of one slot unless <see cref="Slots"/> says otherwise.</summary>
internal sealed class GrainCluster : IAsyncDisposable
{
    /// <summary>A sweep of two runs of three epochs; <see cref="Training"/> decides when an epoch ends.</summary>
    public const string Sweep = """
        method: random
        run_cap: 2
        seed: 3
        epochs: 3
        trainable: function
        function: {name: branin}
        metric: {name: value, goal: minimize}
        parameters:
          x1: {min: -5.0, max: 10.0}
          x2: {min: 0.0, max: 15.0}
        """;

    private readonly TemporaryFolder home = new();
    private readonly SweepMetrics metrics = new();
    private InProcessTestCluster? cluster;

    public GrainCluster()
    {
        Log = new GatedLog(new FolderLog(new SweepHome(home.Path), TimeProvider.System));
        Checkpoints = new FolderCheckpoints(new SweepHome(home.Path));
    }

    /// <summary>Slots of each node; 0 for silos without a node.</summary>
    public int Slots { get; init; } = 1;

    /// <summary>The interval of the nodes' heartbeats.</summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The clock of the grains.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>How long commands of persons wait for a store that fails.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The trainable of all runs.</summary>
    public HeldTrainable Training { get; } = new();

    /// <summary>The calls of grains on all silos.</summary>
    public GrainCalls Calls { get; } = new();

    public GatedLog Log { get; }

    public ICheckpointStore Checkpoints { get; }

    public IReadOnlyList<InProcessSiloHandle> Silos => cluster!.Silos;

    public ISweepDirectoryGrain Directory => cluster!.Client.GetGrain<ISweepDirectoryGrain>(ISweepDirectoryGrain.Key);

    public CoordinatorContext Context => new(
        Log, Checkpoints, new MachineFactory(ReadSpec, SearchFactory.Create, new MachineOptions { Lease = TimeSpan.FromHours(1) }),
        Time, metrics, NullLogger.Instance) { Patience = Patience };

    public static string NodeName(InProcessSiloHandle silo) => silo.SiloAddress.ToParsableString();

    public async Task<GrainCluster> StartAsync(short silos = 1)
    {
        var builder = new InProcessTestClusterBuilder(silos);
        builder.ConfigureSilo((_, silo) => Configure(silo));
        builder.ConfigureClient(client => client.Services.AddSerializer(SweepMessages.Configure));
        cluster = builder.Build();
        await cluster.DeployAsync();
        return this;
    }

    public T Grain<T>(string key) where T : IGrainWithStringKey => cluster!.Client.GetGrain<T>(key);

    public ISweepCoordinatorGrain Coordinator(string sweep) => Grain<ISweepCoordinatorGrain>(GrainKeys.Coordinator(sweep));

    public Task DeactivateAsync(IAddressable grain) => cluster!.DeactivateAsync(grain);

    public T Service<T>(InProcessSiloHandle silo) where T : notnull => cluster!.GetSiloServiceProvider(silo.SiloAddress).GetRequiredService<T>();

    public NodeWorker Worker(InProcessSiloHandle silo) => Service<NodeWorker>(silo);

    public async Task CreateAsync(string sweep, string spec = Sweep) => Assert.Null(await Directory.Create(sweep, spec, "test.yaml", "a test"));

    public async Task SteerAsync(string sweep, SteerAction action)
    {
        var reply = await new GrainCoordinator(cluster!.Client, sweep).SendAsync(new Steer(new SweepSteered("a test", "", action)), CancellationToken.None);
        Assert.True(reply.Accepted, reply.Message);
    }

    public async Task<IReadOnlyList<SweepEvent>> EventsAsync(string sweep)
    {
        var events = await new GrainCoordinator(cluster!.Client, sweep).EventsAsync(0, 1000, CancellationToken.None);
        return [.. events.Select(logged => logged.Event)];
    }

    /// <summary>The context for runs that the test itself launches.</summary>
    public RunContext RunContext(InProcessSiloHandle silo, string sweep) => new(
        NodeName(silo), new GrainCoordinator(cluster!.Client, sweep), Checkpoints, Training, new Objective("value", Goal.Minimize),
        new CheckpointPolicy(1, null), TimeProvider.System, metrics, NullLogger.Instance);

    /// <summary>Polls until <paramref name="wanted"/> accepts the result. A poll that throws counts as one without a result.</summary>
    public static async Task<T> SeeAsync<T>(Func<Task<T>> look, Func<T, bool> wanted)
    {
        var began = TimeProvider.System.GetTimestamp();
        T? seen = default;
        Exception? last = null;
        while (TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(60))
        {
            try
            {
                seen = await look();
                if (wanted(seen))
                    return seen;
            }
            catch (Exception e) when (e is not Xunit.Sdk.XunitException)
            {
                last = e;
            }
            await Task.Delay(20);
        }
        throw new TimeoutException($"Not seen within a minute; last seen: {seen}", last);
    }

    public async ValueTask DisposeAsync()
    {
        Training.Release();
        Log.Release();
        if (cluster is not null)
            await cluster.DisposeAsync();
        Log.Dispose();
        Training.Dispose();
        metrics.Dispose();
        home.Dispose();
    }

    private static SweepSpec ReadSpec(string text) => SweepFile.Parse(text, "test.yaml").Spec;

    private void Configure(ISiloBuilder silo)
    {
        silo.UseInMemoryReminderService();
        silo.Services.AddSerializer(SweepMessages.Configure);
        silo.AddIncomingGrainCallFilter(Calls);
        silo.Services.AddSingleton(Context);
        silo.Services.AddSingleton<ActiveSweeps>(Log.ActiveAsync);
        silo.Services.AddSingleton<ICodeStore>(new FolderCode(new SweepHome(home.Path).Code, TimeProvider.System));
        silo.Services.AddSingleton<PendingAssignments>();
        silo.Services.AddSingleton<NodeDrain>();
        if (Slots == 0)
            return;
        silo.Services.AddSingleton(_ => new SlotPool(Slots));
        silo.Services.AddSingleton(Node);
        silo.Services.AddHostedService<NodeHost>();
    }

    private NodeWorker Node(IServiceProvider services)
    {
        var details = services.GetRequiredService<ILocalSiloDetails>();
        var grains = services.GetRequiredService<IGrainFactory>();
        var slots = services.GetRequiredService<SlotPool>();
        var drain = services.GetRequiredService<NodeDrain>();
        var name = details.SiloAddress.ToParsableString();
        var trainables = new NodeTrainables(
            new Engine.Data.DataOptions { Download = false }, (_, _, _) => Task.FromResult(false), () => { }, TimeProvider.System, NullLogger.Instance);
        var directory = new NodeDirectory(
            grains, new NodeIdentity(name, slots, "test", drain, () => null), trainables, ReadSpec,
            (coordinator, spec, _) => new GrainLauncher(
                grains, details, services.GetRequiredService<PendingAssignments>(),
                new RunContext(name, coordinator, Checkpoints, Training, spec.Objective, spec.Checkpoint, TimeProvider.System, metrics, NullLogger.Instance)),
            TimeProvider.System, NullLogger<NodeDirectory>.Instance);
        return new NodeWorker(
            name, slots, directory, new NodeOptions { Heartbeat = Heartbeat }, TimeProvider.System, metrics, NullLogger.Instance, drain);
    }

    private sealed class NodeHost(NodeWorker worker) : Microsoft.Extensions.Hosting.BackgroundService
    {
        protected override Task ExecuteAsync(CancellationToken stoppingToken) => worker.RunAsync(stoppingToken);
    }
}
