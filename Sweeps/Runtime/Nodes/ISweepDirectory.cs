using Sweeps.Coordination;
using Sweeps.Core;
using Sweeps.Programs;
using Sweeps.Runs;

namespace Sweeps.Nodes;

/// <summary>The sweeps that a node works for. <see cref="NodeWorker"/> never calls it concurrently.</summary>
public interface ISweepDirectory
{
    /// <summary>
    /// Returns the sweeps that may have work for this node, without those that this node cannot train. The answer may be cached.
    /// <paramref name="running"/> is the number of slots that each sweep uses on this node.
    /// </summary>
    Task<IReadOnlyList<ActiveSweep>> ActiveAsync(IReadOnlyDictionary<string, int> running, CancellationToken cancel);

    /// <summary>Called when the coordinator of a sweep has answered that there is no more work. Must not block.</summary>
    void Ended(string sweep);
}

/// <summary>A sweep that may have work.</summary>
/// <param name="Coordinator">Assigns the work.</param>
/// <param name="Share">The sweep's share of the node's slots.</param>
/// <param name="Launcher">Starts the assignments.</param>
public sealed record ActiveSweep(ISweepCoordinator Coordinator, SlotShare Share, IRunLauncher Launcher)
{
    /// <summary>The resources that a run needs in addition to its slot. Default: none.</summary>
    public ResourceRequest Needs { get; init; } = new();
}

/// <summary>Starts assignments of one sweep on this node.</summary>
public interface IRunLauncher
{
    /// <summary>
    /// Starts an assignment on a reserved slot. Must not block and must not throw: failures are reported to the coordinator. When <paramref name="drain"/>
    /// is cancelled, the run is given back.
    /// </summary>
    ILaunchedRun Launch(Assignment assignment, SlotPermit slot, CancellationToken drain);
}

/// <summary>A started assignment.</summary>
public interface ILaunchedRun
{
    /// <summary>The run, as the node reports it to the coordinator in heartbeats.</summary>
    RunLease Lease { get; }

    /// <summary>Completes when the run no longer uses the slot. The node then releases the slot.</summary>
    Task<RunOutcome> Completion { get; }

    /// <summary>Stops training within one batch, without a report to the coordinator.</summary>
    void Abandon();
}

/// <summary>Runs assignments with a <see cref="RunDriver"/> in this process.</summary>
public sealed class LocalLauncher(RunContext context) : IRunLauncher
{
    /// <inheritdoc/>
    public ILaunchedRun Launch(Assignment assignment, SlotPermit slot, CancellationToken drain) =>
        new Launched(new RunDriver(context, assignment, slot), drain);

    private sealed class Launched : ILaunchedRun
    {
        private readonly RunDriver driver;

        public Launched(RunDriver driver, CancellationToken drain)
        {
            this.driver = driver;
            Completion = Task.Run(() => driver.RunAsync(drain), CancellationToken.None);
        }

        public RunLease Lease => driver.Lease;

        public Task<RunOutcome> Completion { get; }

        public void Abandon() => driver.Abandon();
    }
}
