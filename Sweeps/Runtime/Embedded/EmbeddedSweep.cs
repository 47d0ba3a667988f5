using Sweeps.Coordination;
using Sweeps.Core;
using Sweeps.Log.Folder;
using Sweeps.Nodes;
using Sweeps.Runs;
using Sweeps.Training;

namespace Sweeps.Embedded;

/// <summary>
/// A sweep in this process: coordinator, log and checkpoints in a folder, slots on own threads. The folder belongs to this process until it
/// is disposed.
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

    /// <summary>For watching and steering.</summary>
    public SweepCoordinator Coordinator => coordinator;

    /// <summary>
    /// Creates a sweep from the text of a sweep file, and opens it. A text that the reader refuses leaves no folder behind; what the reader
    /// throws comes out.
    /// </summary>
    public static async Task<EmbeddedSweep> CreateAsync(
        EmbeddedOptions options, string sweep, string spec, string by, CancellationToken cancel)
    {
        using (var log = new FolderLog(options.Home, options.Time))
            await SweepCoordinator.CreateAsync(sweep, spec, by, Context(options, log, new FolderCheckpoints(options.Home)), cancel);
        return await OpenAsync(options, sweep, cancel);
    }

    /// <summary>
    /// Opens a sweep to go on with it, or to steer it. Throws <see cref="SweepNotFoundException"/>, or <see cref="SweepLockedException"/> when
    /// another process has it.
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
    /// Trains until the sweep has ended and its best weights have been evaluated on the test part. When <paramref name="cancel"/> comes, every run stops
    /// within a batch, writes its checkpoint and is given back. Null when it was cancelled before the end. Throws <see cref="IOException"/>
    /// when the folder can no longer be written, a full disk for instance; nothing recorded is lost, and the sweep can be resumed.
    /// </summary>
    public async Task<SweepOutcome?> RunAsync(CancellationToken cancel)
    {
        var spec = await coordinator.QueryAsync(state => state.Spec, CancellationToken.None);
        var trainable = options.MakeTrainable(spec);
        using var slots = new SlotPool(options.Slots);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        Exception? trouble = null;
        void StoreFailed(Exception e)
        {
            trouble ??= e;
            stop.Cancel();
        }
        var context = new RunContext(
            options.Node, coordinator, checkpoints, trainable, spec.Objective, spec.Checkpoint, options.Time, options.Metrics, options.Logger)
        {
            DrainLimit = TimeSpan.FromSeconds(5),
            StoreFailed = StoreFailed,
        };
        using (StopOnFailure(StoreFailed))
            await TrainAsync(coordinator, spec.Slots, context, slots, new NodeOptions(), stop.Token);
        if (trouble is not null)
            throw new IOException($"{trouble.Message} The sweep has stopped; go on with `sweep resume {Sweep}`.", trouble);
        return await coordinator.QueryAsync(state => state.Outcome, CancellationToken.None);
    }

    /// <summary>Tells when the coordinator gives up, until disposed.</summary>
    private CancellationTokenSource StopOnFailure(Action<Exception> failed)
    {
        var watching = new CancellationTokenSource();
        _ = coordinator.Failure.ContinueWith(
            failure => failed(failure.Result), watching.Token, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return watching;
    }

    /// <summary>Takes the runs back that an earlier process was training when it died.</summary>
    public Task LoseEarlierNodesAsync() => LoseEarlierNodesAsync(coordinator);

    /// <summary>One node works for one sweep until it has ended.</summary>
    internal static async Task TrainAsync(
        SweepCoordinator coordinator, SlotShare share, RunContext context, SlotPool slots, NodeOptions node, CancellationToken cancel)
    {
        await LoseEarlierNodesAsync(coordinator);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var directory = new SingleSweep(new ActiveSweep(coordinator, share, new LocalLauncher(context)), stop.Cancel);
        var worker = new NodeWorker(context.Node, slots, directory, node, context.Time, context.Metrics, context.Logger);
        await worker.RunAsync(stop.Token);
    }

    /// <summary>
    /// The folder is this process's alone, so whatever the log says is running died with an earlier process. Said at once rather than after
    /// the lease time: interrupted runs go on before new ones start, as if nothing had happened.
    /// </summary>
    private static async Task LoseEarlierNodesAsync(SweepCoordinator coordinator)
    {
        var nodes = await coordinator.QueryAsync(
            state => state.RunningRuns.Select(run => state.Runs[run].Node!).Distinct().ToList(), CancellationToken.None);
        foreach (var node in nodes)
            await coordinator.SendAsync<Acknowledged>(new LoseNode(default, node), CancellationToken.None);
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
    };

    private sealed class SingleSweep(ActiveSweep sweep, Action ended) : ISweepDirectory
    {
        public Task<IReadOnlyList<ActiveSweep>> ActiveAsync(IReadOnlyDictionary<string, int> running, CancellationToken cancel) =>
            Task.FromResult<IReadOnlyList<ActiveSweep>>([sweep]);

        public void Ended(string name) => ended();
    }
}
