using Grains.Contracts;
using Orleans;
using Orleans.Concurrency;
using Orleans.Placement;
using Orleans.Runtime;
using Sweeps.Core;
using Sweeps.Nodes;
using Sweeps.Runs;

namespace Grains;

/// <summary>
/// Executes one assignment on a slot of its silo. The loop is a background task, not a request, so that <see cref="Stop"/> and
/// <see cref="Progress"/> answer while an epoch trains. Epochs run on the thread of the slot, not on the thread pool.
/// </summary>
[Immovable]
public sealed class TrainingRunGrain(PendingAssignments pending) : Grain, ITrainingRunGrain, IDisposable
{
    private static readonly TimeSpan StaysActive = TimeSpan.FromMinutes(5);

    private readonly CancellationTokenSource deactivating = new();
    private PendingAssignment? run;
    private RunDriver? driver;
    private Task loop = Task.CompletedTask;

    /// <inheritdoc/>
    public Task<ExecuteOutcome> Execute(string node, Assignment assignment, CancellationToken cancel)
    {
        // Remove the placement hint: the calls of the loop would pass it on, and it would place the coordinator on this silo.
        RequestContext.Clear();
        if (run is not null)
            return Task.FromResult(driver is null ? ExecuteOutcome.Stale : ExecuteOutcome.Started);
        if (!pending.TryTake(this.GetPrimaryKeyString(), out run))
        {
            DeactivateOnIdle();
            return Task.FromResult(ExecuteOutcome.WrongNode);
        }
        driver = new RunDriver(run.Context, assignment, run.Slot);
        loop = LoopAsync(run, driver);
        return Task.FromResult(ExecuteOutcome.Started);
    }

    /// <inheritdoc/>
    public Task Stop(CancellationToken cancel)
    {
        driver?.Abandon();
        DeactivateWhenUnused();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<ProgressMessage?> Progress(CancellationToken cancel)
    {
        DeactivateWhenUnused();
        if (run is null || driver is null)
            return Task.FromResult<ProgressMessage?>(null);
        var at = driver.Progress;
        return Task.FromResult<ProgressMessage?>(new ProgressMessage(
            run.Context.Node, run.Slot.Number, driver.Epoch, at.Batch, at.Batches, at.SamplesPerSecond));
    }

    /// <summary>Gives the run back with its checkpoint. After a crash, which skips this, the run continues from its last checkpoint.</summary>
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await deactivating.CancelAsync();
        await loop.WaitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        deactivating.Dispose();
        driver?.Dispose();
    }

    private async Task LoopAsync(PendingAssignment taken, RunDriver driving)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding | ConfigureAwaitOptions.ContinueOnCapturedContext);
        using var alive = this.RegisterGrainTimer(
            () =>
            {
                DelayDeactivation(StaysActive);
                return Task.CompletedTask;
            },
            TimeSpan.Zero, TimeSpan.FromMinutes(1));
        using var release = CancellationTokenSource.CreateLinkedTokenSource(taken.Drain, deactivating.Token);
        using var abandon = taken.Abandoned.Register(driving.Abandon);
        try
        {
            taken.Ended.TrySetResult(await driving.RunAsync(release.Token));
        }
        catch (Exception e)
        {
            taken.Ended.TrySetException(e);
        }
        finally
        {
            driver = null;
            driving.Dispose();
            DeactivateOnIdle();
        }
    }

    /// <summary>Deactivates the grain if it does not train, because then only the present call has activated it.</summary>
    private void DeactivateWhenUnused()
    {
        if (driver is null)
            DeactivateOnIdle();
    }
}
