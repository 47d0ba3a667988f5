using Sweeps.Core;
using Sweeps.Training;

namespace Sweeps.Hosting;

/// <summary>Looks at the test part, once, for the best run of an ended sweep, with the weights of its newest checkpoint.</summary>
internal sealed class TestEvaluation(RunContext context, SlotPool slots)
{
    /// <summary>
    /// Evaluates and records. Does nothing when it has been done, when there is no best run, when its checkpoint is gone, or when there is no
    /// test part. False when there was no free slot: worth another try.
    /// </summary>
    public async Task<bool> RunAsync(SweepCoordinator coordinator, CancellationToken cancel)
    {
        var best = await coordinator.QueryAsync(state => state.Best is { } run && run.Test is null ? run : null, cancel);
        if (best is null)
            return true;
        if (!slots.TryReserve(out var slot))
            return false;
        using (slot)
        {
            var checkpoint = await context.Checkpoints.LoadAsync(coordinator.Sweep, best.Number, cancel);
            if (checkpoint is null)
                return true;
            var metrics = await slot.RunAsync(() => Evaluate(best, checkpoint.Data));
            if (metrics.Count > 0)
                await coordinator.SendAsync<Acknowledged>(new RecordTest(default, best.Number, checkpoint.Epoch, metrics), cancel);
            return true;
        }
    }

    private IReadOnlyDictionary<string, double> Evaluate(SweepRun run, ReadOnlyMemory<byte> data)
    {
        using var session = context.Trainable.Start(run.Configuration, run.Seed);
        using var state = new MemoryStream(RunCheckpoint.Decode(data).State.ToArray(), writable: false);
        session.Load(state);
        return session.EvaluateTest();
    }
}
