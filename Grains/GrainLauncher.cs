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
/// Carries out assignments of one sweep as training-run grains, placed on this silo by hint. A grain that does not start in time, or starts
/// elsewhere, gives its assignment back: the slot is offered again after a while.
/// </summary>
public sealed class GrainLauncher(IGrainFactory grains, ILocalSiloDetails silo, LocalRuns runs, RunContext context) : IRunLauncher
{
    /// <inheritdoc/>
    public ILaunchedRun Launch(Assignment assignment, SlotPermit slot, CancellationToken drain)
    {
        var abandon = new CancellationTokenSource();
        var run = new OfferedRun(context, slot, drain, abandon.Token);
        return new Launched(
            new RunLease(assignment.Run, assignment.Generation, assignment.Test), Task.Run(() => StartAsync(run, assignment), CancellationToken.None), abandon);
    }

    private async Task<RunOutcome> StartAsync(OfferedRun run, Assignment assignment)
    {
        var key = GrainKeys.TrainingRun(context.Coordinator.Sweep, assignment.Run, assignment.Generation, assignment.Test);
        runs.Offer(key, run);
        var outcome = await ExecuteAsync(key, assignment);
        if (outcome != nameof(ExecuteOutcome.Started) && runs.TryTake(key, out _))
        {
            context.Logger.NotStarted(context.Coordinator.Sweep, assignment.Run, assignment.Generation, outcome);
            // The slot does not wait for this: a coordinator that cannot be told misses the run at the next heartbeats.
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
            return (await grains.GetGrain<ITrainingRunGrain>(key).Execute(context.Node, Wire.ToMessage(assignment))).ToString();
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
            await context.Coordinator.SendAsync<Acknowledged>(
                new ReleaseRun(default, context.Node, assignment.Run, assignment.Generation), CancellationToken.None);
        }
        catch (Exception)
        {
            // The coordinator cannot be reached, or cannot be activated: it takes the run back when its lease runs out.
        }
    }

    private sealed class Launched(RunLease lease, Task<RunOutcome> completion, CancellationTokenSource abandon) : ILaunchedRun
    {
        public RunLease Lease => lease;

        public Task<RunOutcome> Completion => completion;

        public void Abandon() => abandon.Cancel();
    }
}
