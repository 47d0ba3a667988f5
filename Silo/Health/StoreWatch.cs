namespace Silo.Health;

/// <summary>Checks with a write that leaves no trace whether a part of the store accepts writes. Throws if it does not.</summary>
public delegate Task WriteProbe(CancellationToken cancel);

/// <summary>The probes of the store's parts.</summary>
public sealed record StoreProbes(WriteProbe Log, WriteProbe Checkpoints);

/// <summary>
/// Probes the store every five seconds, and every second while it does not accept writes. Without the probes a node that writes nothing would not say
/// that it cannot use the store, and a node whose write failed might stay unready: the coordinator whose append failed may move to another node.
/// </summary>
public sealed class StoreWatch(StoreProbes probes, NodeHealth health, TimeProvider time, ILogger<StoreWatch> logger) : BackgroundService
{
    private const int SecondsBetweenProbes = 5;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1), ProbeLimit = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            for (var second = 1; await timer.WaitForNextTickAsync(stoppingToken); second++)
                if (second % SecondsBetweenProbes == 0 || health.StoreTrouble is not null)
                    await ProbeAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The node stops. The exception of a background service would be logged as a failure.
        }
    }

    private async Task ProbeAsync(CancellationToken stopping)
    {
        var before = health.StoreTrouble;
        foreach (var (part, probe) in ((StorePart, WriteProbe)[])[(StorePart.Log, probes.Log), (StorePart.Checkpoints, probes.Checkpoints)])
            health.StoreProbed(part, await ProblemAsync(probe, stopping));
        var after = health.StoreTrouble;
        if (before is null && after is not null)
            logger.StoreFails(after);
        else if (before is not null && after is null)
            logger.StoreWorks();
    }

    private async Task<Exception?> ProblemAsync(WriteProbe probe, CancellationToken stopping)
    {
        using var limit = new CancellationTokenSource(ProbeLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stopping);
        try
        {
            await probe(either.Token);
            return null;
        }
        catch (Exception) when (limit.IsCancellationRequested)
        {
            return new TimeoutException($"it has not answered for {ProbeLimit.TotalSeconds:0} seconds");
        }
        catch (Exception e) when (!stopping.IsCancellationRequested)
        {
            return e;
        }
    }
}
