using Grains.Contracts;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Runtime;
using Orleans.Runtime.Placement;
using Sweeps.Core;
using Sweeps.Hosting;

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
        var key = GrainKeys.TrainingRun(context.Coordinator.Sweep, assignment.Run, assignment.Generation);
        var run = new LocalRun(context, assignment, slot, drain);
        runs.Offer(key, run);
        return new Launched(run, Task.Run(() => StartAsync(key, run, assignment), CancellationToken.None));
    }

    private async Task<RunOutcome> StartAsync(string key, LocalRun run, Assignment assignment)
    {
        try
        {
            var outcome = await ExecuteAsync(key, assignment);
            if (outcome != nameof(ExecuteOutcome.Started) && run.TryGiveUp())
            {
                context.Logger.NotStarted(context.Coordinator.Sweep, assignment.Run, assignment.Generation, outcome);
                await GiveBackAsync(assignment);
                return RunOutcome.NotStarted;
            }
            return await run.Completion;
        }
        finally
        {
            runs.Withdraw(key);
            run.Dispose();
        }
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
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
            await context.Coordinator.SendAsync<Acknowledged>(
                new ReleaseRun(default, context.Node, assignment.Run, assignment.Generation), limit.Token);
        }
        catch (Exception)
        {
            // The coordinator cannot be reached, or cannot be activated: it misses the run at the next heartbeats and takes it back itself.
        }
    }

    private sealed class Launched(LocalRun run, Task<RunOutcome> completion) : ILaunchedRun
    {
        public RunLease Lease => run.Lease;

        public Task<RunOutcome> Completion => completion;

        public void Abandon() => run.Abandon();
    }
}
