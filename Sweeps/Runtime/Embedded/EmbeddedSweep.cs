using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging;
using Sweeps.Coordination;
using Sweeps.Core.Search;
using Sweeps.Core;
using Sweeps.Files;
using Sweeps.Hooks;
using Sweeps.Log;
using Sweeps.Log.Folder;
using Sweeps.Nodes;
using Sweeps.Programs;
using Sweeps.Programs.Python;
using Sweeps.Runs;
using Sweeps.Telemetry;
using Sweeps.Training;

namespace Sweeps.Embedded;

/// <summary>
/// Runs a sweep in this process: the coordinator, the log and the checkpoints in a folder, and the slots. The process holds the lock of the
/// sweep's folder until this object is disposed.
/// </summary>
public sealed class EmbeddedSweep : IAsyncDisposable
{
    private readonly EmbeddedOptions options;
    private readonly FolderLog log;
    private readonly FolderCheckpoints checkpoints;
    private readonly SweepCoordinator coordinator;

    private EmbeddedSweep(EmbeddedOptions options, FolderLog log, FolderCheckpoints checkpoints, SweepCoordinator coordinator) =>
        (this.options, this.log, this.checkpoints, this.coordinator) = (options, log, checkpoints, coordinator);

    /// <summary>The sweep's id.</summary>
    public string Sweep => coordinator.Sweep;

    /// <summary>The coordinator, for watching and steering.</summary>
    public SweepCoordinator Coordinator => coordinator;

    /// <summary>
    /// Creates a sweep from the text of a sweep file and opens it. An invalid text leaves no folder behind; exceptions of
    /// <see cref="EmbeddedOptions.ReadSpec"/> are passed on.
    /// </summary>
    public static async Task<EmbeddedSweep> CreateAsync(
        EmbeddedOptions options, string sweep, string spec, string by, CancellationToken cancel)
    {
        using (var log = new FolderLog(options.Home, options.Time))
            await SweepCoordinator.CreateAsync(sweep, spec, by, Context(options, log, new FolderCheckpoints(options.Home)), cancel);
        return await OpenAsync(options, sweep, cancel);
    }

    /// <summary>
    /// Opens a sweep to continue or to steer it. Throws <see cref="SweepNotFoundException"/>, or <see cref="SweepLockedException"/> when another
    /// process holds its lock.
    /// </summary>
    public static async Task<EmbeddedSweep> OpenAsync(EmbeddedOptions options, string sweep, CancellationToken cancel)
    {
        var log = new FolderLog(options.Home, options.Time);
        try
        {
            if (!File.Exists(options.Home.Events(sweep)))
                throw new SweepNotFoundException(sweep);
            log.Lock(sweep);
            var checkpoints = new FolderCheckpoints(options.Home);
            var coordinator = await SweepCoordinator.OpenAsync(sweep, Context(options, log, checkpoints), cancel);
            return new EmbeddedSweep(options, log, checkpoints, coordinator);
        }
        catch
        {
            log.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Trains until the sweep has ended and its best weights were evaluated on the test part, and returns the outcome. When <paramref name="cancel"/> is
    /// cancelled, every run stops within one batch, writes its checkpoint and is queued again; the result is null if the sweep has not ended by then.
    /// Throws <see cref="IOException"/> if the folder cannot be written, for instance because the disk is full; the sweep can then be resumed.
    /// </summary>
    public async Task<SweepOutcome?> RunAsync(CancellationToken cancel)
    {
        var spec = await coordinator.QueryAsync(state => state.Spec, CancellationToken.None);
        var trainable = options.MakeTrainable(spec);
        if (spec.Trainable is ProgramSpec)
            KillOrphans(options.Home.Work(Sweep));
        var needs = NeedsOf(spec, out var resources);
        using var slots = new SlotPool(options.Slots, resources: resources);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        Exception? storeFailure = null;
        void StoreFailed(Exception e)
        {
            storeFailure ??= e;
            stop.Cancel();
        }
        var context = new RunContext(
            options.Node, coordinator, checkpoints, trainable, spec.Objective, spec.Checkpoint, options.Time, options.Metrics, options.Logger)
        {
            DrainLimit = TimeSpan.FromSeconds(5),
            StoreFailed = StoreFailed,
            Programs = new ProgramHost
            {
                Work = options.Home.Work,
                Outputs = new FolderOutputs(options.Home),
                Artifacts = options.Home.Artifacts,
                Code = new FolderCode(options.Home.Code, options.Time),
                Modules = new(() => PythonModules.Unpack(options.Home.Python)),
                Slots = options.Slots,
            },
        };
        using var training = new CancellationTokenSource();
        // Without the token the continuation would run after this method has returned, and cancel a disposed source.
        _ = coordinator.Failure.ContinueWith(
            failure => StoreFailed(failure.Result), training.Token, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        try
        {
            await TrainAsync(coordinator, spec.Slots, context, slots, new NodeOptions(), stop.Token, needs);
        }
        finally
        {
            await training.CancelAsync();
        }
        if (storeFailure is not null)
            throw new IOException($"{storeFailure.Message} The sweep has stopped; go on with `sweep resume {Sweep}`.", storeFailure);
        var outcome = await coordinator.QueryAsync(state => state.Outcome, CancellationToken.None);
        if (outcome is not null)
            await coordinator.WhenHooksRanAsync(cancel);
        return outcome;
    }

    /// <summary>
    /// Returns the resources that a run of the sweep needs. <paramref name="resources"/> are those of this machine, or null if a run needs none. Throws
    /// <see cref="IOException"/> if this machine has less than a run needs.
    /// </summary>
    private static ResourceRequest NeedsOf(SweepSpec spec, out NodeResources? resources)
    {
        resources = null;
        if (spec.Trainable is not ProgramSpec { Resources: var needs } || needs == new ResourceRequest())
            return new ResourceRequest();
        resources = NodeResources.Detect(Environment.GetEnvironmentVariable);
        return resources.Lack(needs) is { } lack
            ? throw new IOException($"This machine cannot train the sweep: {lack}. Change 'resources' in the sweep file, or use another machine.")
            : needs;
    }

    /// <summary>Ends the programs that an earlier, killed process has started, and deletes the working files of this sweep's programs.</summary>
    private static void KillOrphans(string work)
    {
        OrphanedPrograms.Kill();
        if (Directory.Exists(work))
            Directory.Delete(work, recursive: true);
    }

    /// <summary>Queues the runs that an earlier, killed process was training.</summary>
    public Task LoseEarlierNodesAsync() => LoseEarlierNodesAsync(coordinator);

    /// <summary>Trains one sweep with one node until the sweep has ended.</summary>
    internal static async Task TrainAsync(
        SweepCoordinator coordinator, SlotShare share, RunContext context, SlotPool slots, NodeOptions node, CancellationToken cancel,
        ResourceRequest? needs = null)
    {
        await LoseEarlierNodesAsync(coordinator);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var directory = new SingleSweep(new ActiveSweep(coordinator, share, new LocalLauncher(context)) { Needs = needs ?? new() }, stop.Cancel);
        var worker = new NodeWorker(context.Node, slots, directory, node, context.Time, context.Metrics, context.Logger);
        await worker.RunAsync(stop.Token);
    }

    /// <summary>
    /// Queues the runs that are running according to the log. Only this process trains the sweep, so they belong to a process that was killed. They are
    /// queued at once and not after their leases expire, so that they continue before new runs start.
    /// </summary>
    private static async Task LoseEarlierNodesAsync(SweepCoordinator coordinator)
    {
        var nodes = await coordinator.QueryAsync(
            state => state.RunningRuns.Select(run => state.Runs[run].Node!).Distinct().ToList(), CancellationToken.None);
        foreach (var node in nodes)
            await coordinator.SendAsync(new LoseNode(node), CancellationToken.None);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await coordinator.DisposeAsync();
        log.Dispose();
    }

    private static CoordinatorContext Context(EmbeddedOptions options, FolderLog log, FolderCheckpoints checkpoints) => new(
        log, checkpoints, new MachineFactory(options.ReadSpec, options.MakeSearch, options.Machine), options.Time, options.Metrics, options.Logger)
    {
        MaxAttempts = 8,
        Hooks = options.Hooks,
    };

    private sealed class SingleSweep(ActiveSweep sweep, Action ended) : ISweepDirectory
    {
        public Task<IReadOnlyList<ActiveSweep>> ActiveAsync(IReadOnlyDictionary<string, int> running, CancellationToken cancel) =>
            Task.FromResult<IReadOnlyList<ActiveSweep>>([sweep]);

        public void Ended(string name) => ended();
    }
}

/// <summary>The services and settings of an <see cref="EmbeddedSweep"/>.</summary>
public sealed record EmbeddedOptions
{
    /// <summary>The folder of all sweeps.</summary>
    public required SweepHome Home { get; init; }

    /// <summary>Parses sweep files. Default: <see cref="SweepFile.Stored"/>.</summary>
    public SpecReader ReadSpec { get; init; } = SweepFile.Stored;

    /// <summary>Creates the search. Default: <see cref="SearchFactory.Create"/>.</summary>
    public SearchMaker MakeSearch { get; init; } = SearchFactory.Create;

    /// <summary>Creates the trainable; loads the data set. <see cref="EmbeddedSweep.RunAsync"/> passes its exceptions on before a run starts.</summary>
    public required Func<SweepSpec, ITrainable> MakeTrainable { get; init; }

    /// <summary>The number of runs that train at the same time, at least 1. Default: one per core.</summary>
    public int Slots { get; init; } = SlotPool.AllCores;

    public MachineOptions Machine { get; init; } = new();

    /// <summary>Calls <c>on_best</c> and <c>on_end</c>; null to call none. Default: every command and address is allowed.</summary>
    public HookHost? Hooks { get; init; } = new();

    /// <summary>The name of this process in the log.</summary>
    public string Node { get; init; } = $"{Environment.MachineName}-{Environment.ProcessId}";

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The instruments of the process.</summary>
    public required SweepMetrics Metrics { get; init; }

    /// <summary>Receives failures.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;
}
