namespace Silo.Health;

/// <summary>Does what an append does and leaves nothing behind. Throws when the store takes no writes.</summary>
public delegate Task WriteProbe(CancellationToken cancel);

/// <summary>
/// Asks the store once a second whether it takes writes again, as long as the last one failed. A coordinator repeats its append while it has
/// it; but it may go to another node, or find that another has written what it wanted, and then no append of this node tells.
/// </summary>
public sealed class StoreWatch(WriteProbe probe, NodeHealth health, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            if (health.StoreFails)
                await ProbeAsync(stoppingToken);
    }

    private async Task ProbeAsync(CancellationToken cancel)
    {
        try
        {
            await probe(cancel);
            health.StoreAnswered(well: true);
        }
        catch (Exception)
        {
            // Still away, and the failed append has told the log why; or this node is leaving.
        }
    }
}
