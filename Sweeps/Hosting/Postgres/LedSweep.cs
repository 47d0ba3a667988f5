using Sweeps.Core;

namespace Sweeps.Hosting.Postgres;

/// <summary>A sweep this node leads. When it has ended, the leader looks at the test part for the best run.</summary>
internal sealed class LedSweep(SweepCoordinator coordinator, PostgresNodeContext context) : IAsyncDisposable
{
    private readonly CancellationTokenSource closing = new();
    private Task? finishing;

    public SweepCoordinator Coordinator => coordinator;

    /// <summary>Whether the sweep has ended and nothing is left to do for its leader.</summary>
    public bool Settled { get; private set; }

    /// <summary>Looks whether the sweep has ended, and starts the evaluation when a slot is free. Never blocks; repeated once a second.</summary>
    public void FinishWhenEnded()
    {
        if (finishing is null or { IsCompleted: true })
            finishing = FinishAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync();
        if (finishing is not null)
            await finishing;
        await coordinator.DisposeAsync();
        closing.Dispose();
    }

    private async Task FinishAsync()
    {
        try
        {
            var (status, spec) = await coordinator.QueryAsync(state => (state.Status, state.Spec), closing.Token);
            Settled = status == SweepStatus.Ended && await EvaluateAsync(spec);
        }
        catch (Exception) when (closing.IsCancellationRequested)
        {
            // Another node leads now.
        }
        catch (Exception e)
        {
            context.Coordinator.Logger.EvaluationFailed(coordinator.Sweep, e);
        }
    }

    private async Task<bool> EvaluateAsync(SweepSpec spec)
    {
        if (context.Trainable(spec) is not { } trainable)
            return true;
        var run = new RunContext(
            context.Node, coordinator, context.Coordinator.Checkpoints, trainable, spec.Checkpoint, context.Coordinator.Time,
            context.Coordinator.Metrics, context.Coordinator.Logger);
        return await new TestEvaluation(run, context.Slots).RunAsync(coordinator, closing.Token);
    }
}
