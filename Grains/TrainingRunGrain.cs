using Grains.Contracts;
using Orleans;
using Orleans.Concurrency;
using Orleans.Placement;
using Orleans.Runtime;

namespace Grains;

/// <summary>
/// Drives one run's epochs on a slot of its silo. The loop is a background task, not a request, so that <see cref="Stop"/> and
/// <see cref="Status"/> answer while an epoch trains; the epochs themselves run on the slot's own thread, never on the pool.
/// </summary>
[Immovable]
public sealed class TrainingRunGrain(LocalRuns runs) : Grain, ITrainingRunGrain
{
    private static readonly TimeSpan StaysActive = TimeSpan.FromMinutes(5);

    private LocalRun? run;
    private Task loop = Task.CompletedTask;

    /// <inheritdoc/>
    public Task<ExecuteOutcome> Execute(string node, AssignmentMessage assignment, CancellationToken cancel)
    {
        // The hint that brought the activation here must not follow the loop's own calls to the coordinator.
        RequestContext.Clear();
        if (run is not null)
            return Task.FromResult(loop.IsCompleted ? ExecuteOutcome.Stale : ExecuteOutcome.Started);
        if (!runs.TryGet(this.GetPrimaryKeyString(), out run) || run.Lease.Generation != assignment.Generation)
        {
            run = null;
            DeactivateOnIdle();
            return Task.FromResult(ExecuteOutcome.WrongNode);
        }
        loop = LoopAsync(run);
        return Task.FromResult(ExecuteOutcome.Started);
    }

    /// <inheritdoc/>
    public Task Stop(bool release, CancellationToken cancel)
    {
        if (release)
            run?.Release();
        else
            run?.Abandon();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<int?> Status(CancellationToken cancel) => Task.FromResult(loop.IsCompleted ? null : run?.Lease.Epoch);

    /// <summary>The silo leaves: what trains is given back with its checkpoint. A crash skips this, and costs nothing recorded.</summary>
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        run?.Release();
        await loop.WaitAsync(cancellationToken);
    }

    private async Task LoopAsync(LocalRun driven)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding | ConfigureAwaitOptions.ContinueOnCapturedContext);
        using var alive = this.RegisterGrainTimer(
            () =>
            {
                DelayDeactivation(StaysActive);
                return Task.CompletedTask;
            },
            TimeSpan.Zero, TimeSpan.FromMinutes(1));
        try
        {
            await driven.DriveAsync();
        }
        finally
        {
            DeactivateOnIdle();
        }
    }
}
