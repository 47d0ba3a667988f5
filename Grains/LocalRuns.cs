using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Sweeps.Core;
using Sweeps.Hosting;

namespace Grains;

/// <summary>
/// Assignments of this silo between the node's worker, which holds the slot, and the training-run grain, which uses it. The grain never
/// travels with a slot: an activation on another silo finds nothing here.
/// </summary>
public sealed class LocalRuns
{
    private readonly ConcurrentDictionary<string, LocalRun> runs = new();

    /// <summary>Offers an assignment to the grain with this key.</summary>
    internal void Offer(string key, LocalRun run) => runs[key] = run;

    /// <summary>The offered assignment, if there is one.</summary>
    internal bool TryGet(string key, [NotNullWhen(true)] out LocalRun? run) => runs.TryGetValue(key, out run);

    /// <summary>The assignment has ended.</summary>
    internal void Withdraw(string key) => runs.TryRemove(key, out _);
}

/// <summary>An assignment with its slot, prepared to be driven once.</summary>
internal sealed class LocalRun(RunContext context, Assignment assignment, SlotPermit slot, CancellationToken drain) : IDisposable
{
    private readonly RunDriver driver = new(context, assignment, slot);
    private readonly CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(drain);
    private readonly TaskCompletionSource<RunOutcome> completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int driven;

    public RunLease Lease => driver.Lease;

    public Task<RunOutcome> Completion => completion.Task;

    /// <summary>Drives the assignment to its end. False when somebody has begun to, or it was given up.</summary>
    public async Task<bool> DriveAsync()
    {
        if (Interlocked.Exchange(ref driven, 1) != 0)
            return false;
        try
        {
            completion.TrySetResult(await driver.RunAsync(stop.Token));
        }
        catch (Exception e)
        {
            completion.TrySetException(e);
        }
        return true;
    }

    /// <summary>Takes it away from a grain that has not begun. False when it has.</summary>
    public bool TryGiveUp()
    {
        if (Interlocked.Exchange(ref driven, 1) != 0)
            return false;
        completion.TrySetResult(RunOutcome.Abandoned);
        return true;
    }

    /// <summary>Stops at the next batch, writes the checkpoint, gives the run back.</summary>
    public void Release()
    {
        try
        {
            stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The assignment has ended by itself.
        }
    }

    /// <summary>Drops it within a batch.</summary>
    public void Abandon() => driver.Abandon();

    /// <summary>Called after <see cref="Completion"/>.</summary>
    public void Dispose()
    {
        driver.Dispose();
        stop.Dispose();
    }
}
