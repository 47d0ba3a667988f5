using Sweeps.Coordination;
using Sweeps.Core;
using Sweeps.Runs;

namespace Sweeps.Nodes;

/// <summary>The sweeps a node works for. Called by the node's one loop, never concurrently.</summary>
public interface ISweepDirectory
{
    /// <summary>
    /// The sweeps that may have work for this node, without those whose data it lacks. May be answered from memory. The node says how many slots
    /// each sweep uses.
    /// </summary>
    Task<IReadOnlyList<ActiveSweep>> ActiveAsync(IReadOnlyDictionary<string, int> running, CancellationToken cancel);

    /// <summary>The coordinator of a sweep said that it has ended. Must not block.</summary>
    void Ended(string sweep);
}

/// <summary>A sweep that may have work.</summary>
/// <param name="Coordinator">Whom to ask.</param>
/// <param name="Share">Its claim on the slots.</param>
/// <param name="Launcher">What carries out its assignments.</param>
public sealed record ActiveSweep(ISweepCoordinator Coordinator, SlotShare Share, IRunLauncher Launcher);

/// <summary>Starts assignments of one sweep on this node.</summary>
public interface IRunLauncher
{
    /// <summary>Starts an assignment on a reserved slot and returns at once. It must never throw: what goes wrong is reported to the coordinator.</summary>
    ILaunchedRun Launch(Assignment assignment, SlotPermit slot, CancellationToken drain);
}

/// <summary>An assignment that is being carried out.</summary>
public interface ILaunchedRun
{
    /// <summary>What the node tells the coordinator about it.</summary>
    RunLease Lease { get; }

    /// <summary>Ends when the slot is no longer used. The node then releases it.</summary>
    Task<RunOutcome> Completion { get; }

    /// <summary>The coordinator no longer wants it: drop it within a batch.</summary>
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
