using Grains.Contracts;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Runtime;
using Orleans.Runtime.Placement;
using Sweeps.Core;
using Sweeps.Nodes;
using Sweeps.Runs;

namespace Grains;

/// <summary>
/// Starts the assignments of one sweep as training-run grains, which a placement hint places on this silo. If the grain does not start in time, or is
/// activated on another silo, the run is given back to the coordinator and the slot is released.
/// </summary>
public sealed partial class GrainLauncher(IGrainFactory grains, ILocalSiloDetails silo, PendingAssignments pending, RunContext context) : IRunLauncher
{
    /// <inheritdoc/>
    public ILaunchedRun Launch(Assignment assignment, SlotPermit slot, CancellationToken drain)
    {
        var abandon = new CancellationTokenSource();
        var run = new PendingAssignment(context, slot, drain, abandon.Token);
        return new Launched(
            new RunLease(assignment.Run, assignment.Generation, assignment.Test), Task.Run(() => StartAsync(run, assignment), CancellationToken.None), abandon);
    }

    private async Task<RunOutcome> StartAsync(PendingAssignment run, Assignment assignment)
    {
        var key = GrainKeys.TrainingRun(context.Coordinator.Sweep, assignment.Run, assignment.Generation, assignment.Test);
        pending.Add(key, run);
        var outcome = await ExecuteAsync(key, assignment);
        if (outcome != nameof(ExecuteOutcome.Started) && pending.TryTake(key, out _))
        {
            NotStarted(context.Logger, context.Coordinator.Sweep, assignment.Run, assignment.Generation, outcome);
            // Do not wait for the answer. If the command is lost, the lease of the run expires, because heartbeats do not list the run.
            _ = GiveBackAsync(assignment);
            return RunOutcome.NotStarted;
        }
        return await run.Ended.Task;
    }

    private async Task<string> ExecuteAsync(string key, Assignment assignment)
    {
        try
        {
            RequestContext.Set(IPlacementDirector.PlacementHintKey, silo.SiloAddress);
            return (await grains.GetGrain<ITrainingRunGrain>(key).Execute(context.Node, assignment)).ToString();
        }
        catch (Exception e)
        {
            return e.Message;
        }
        finally
        {
            RequestContext.Remove(IPlacementDirector.PlacementHintKey);
        }
    }

    private async Task GiveBackAsync(Assignment assignment)
    {
        try
        {
            await context.Coordinator.SendAsync(new ReleaseRun(context.Node, assignment.Run, assignment.Generation), CancellationToken.None);
        }
        catch (Exception)
        {
            // The coordinator cannot be reached or activated. It queues the run when the lease expires.
        }
    }

    [LoggerMessage(3002, LogLevel.Warning, "Run {Run} of sweep {Sweep} (generation {Generation}) could not be started here: {Outcome}. It is given back.")]
    private static partial void NotStarted(ILogger logger, string sweep, int run, int generation, string outcome);

    private sealed class Launched(RunLease lease, Task<RunOutcome> completion, CancellationTokenSource abandon) : ILaunchedRun
    {
        public RunLease Lease => lease;

        public Task<RunOutcome> Completion => completion;

        public void Abandon() => abandon.Cancel();
    }
}
