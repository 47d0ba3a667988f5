using Microsoft.Extensions.Logging;
using Sweeps.Coordination;
using Sweeps.Core;

namespace Sweeps.Hooks;

/// <summary>
/// Calls the hooks of one sweep in the background, one at a time. A new best value replaces a best value whose call still waits. The pump calls
/// <see cref="Observe"/>, which does not block. A failed call is logged and recorded in the sweep's log and has no other effect on the sweep.
/// </summary>
internal sealed partial class HookRunner(
    string sweep, HookHost host, TimeProvider time, ILogger logger, Func<RecordHook, Task> record) : IAsyncDisposable
{
    private readonly Lock gate = new();
    private readonly CancellationTokenSource closing = new();
    private (int Run, int Epoch, double Value)? seen;
    private HookCall? best, end;
    private bool endCalled;
    private volatile bool skipIntervals;
    private TaskCompletionSource endInterval = New();
    private Task working = Task.CompletedTask;
    private long lastBest;

    /// <summary>
    /// Takes the state at the opening of the coordinator. An earlier coordinator called <c>on_best</c> for its best value, so only <c>on_end</c> may be due.
    /// </summary>
    public void Begin(SweepState state)
    {
        seen = BestOf(state);
        Observe(state);
    }

    /// <summary>Queues the calls that the durable state makes due. Takes constant time.</summary>
    public void Observe(SweepState state)
    {
        if (BestOf(state) is { } now && now != seen)
        {
            seen = now;
            if (state.Spec.OnBest is { } onBest)
                Add(ref best, HookCall.Of(Hook.Best, onBest, state));
        }
        if (state.EndHookDue)
        {
            if (!endCalled)
                Add(ref end, HookCall.Of(Hook.End, state.Spec.OnEnd!, state));
            endCalled = true;
        }
        else if (endCalled && state.Status != SweepStatus.Ended)
            // The sweep was extended.
            (endCalled, endInterval) = (false, New());
        if (endCalled || skipIntervals)
            endInterval.TrySetResult();
    }

    /// <summary>Completes when no call runs or waits. From now on calls of <c>on_best</c> do not wait for their interval.</summary>
    public async Task WhenIdleAsync(CancellationToken cancel)
    {
        skipIntervals = true;
        while (true)
        {
            Task current;
            lock (gate)
                current = working;
            endInterval.TrySetResult();
            await current.WaitAsync(cancel);
            lock (gate)
                if (current == working)
                    return;
        }
    }

    /// <summary>Waits for the calls, at most for <see cref="HookHost.CloseLimit"/>; then ends the one that runs and drops the ones that wait.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await WhenIdleAsync(CancellationToken.None).WaitAsync(host.CloseLimit);
        }
        catch (TimeoutException)
        {
            await closing.CancelAsync();
            await WhenIdleAsync(CancellationToken.None);
        }
        closing.Dispose();
    }

    private static (int, int, double)? BestOf(SweepState state) => state.Best is { } best ? (best.Number, best.BestEpoch, best.Best) : null;

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Add(ref HookCall? place, HookCall call)
    {
        lock (gate)
        {
            place = call;
            if (working.IsCompleted)
                working = Task.Run(WorkAsync);
        }
    }

    /// <summary>Removes and returns the next call: <c>on_best</c> before <c>on_end</c>; null if none waits.</summary>
    private HookCall? Next()
    {
        var next = best ?? end;
        if (next == best)
            best = null;
        else
            end = null;
        return next;
    }

    private async Task WorkAsync()
    {
        while (true)
        {
            HookCall? call;
            await PauseAsync();
            lock (gate)
            {
                if (closing.IsCancellationRequested || (call = Next()) is null)
                {
                    working = Task.CompletedTask;
                    return;
                }
            }
            if (call.Name == Hook.Best)
                lastBest = time.GetTimestamp();
            await CallAsync(call);
        }
    }

    /// <summary>Waits for the rest of the interval of <c>on_best</c>. The end of the sweep and the closing of the coordinator end the wait.</summary>
    private async Task PauseAsync()
    {
        TimeSpan left;
        lock (gate)
        {
            if (best is null || end is not null || lastBest == 0)
                return;
            left = best.Hook.Interval - time.GetElapsedTime(lastBest);
        }
        if (left > TimeSpan.Zero)
            await Task.WhenAny(Task.Delay(left < HookHost.LongestTimer ? left : HookHost.LongestTimer, time, closing.Token), endInterval.Task);
    }

    private async Task CallAsync(HookCall call)
    {
        try
        {
            var error = await host.CallAsync(call, closing.Token);
            if (error is not null)
                HookFailed(logger, sweep, call.Name, error);
            await record(new RecordHook(call.Name, error));
        }
        catch (OperationCanceledException)
        {
            // The coordinator closes. The next one calls on_end again, because this call was not recorded.
        }
        catch (Exception e)
        {
            HookNotRecorded(logger, sweep, call.Name, e);
        }
    }

    [LoggerMessage(210, LogLevel.Warning, "Sweep {Sweep}: {Hook} failed: {Error}")]
    private static partial void HookFailed(ILogger logger, string sweep, string hook, string error);

    [LoggerMessage(211, LogLevel.Warning, "Sweep {Sweep}: the call of {Hook} could not be recorded; a call of on_end is repeated by the next coordinator.")]
    private static partial void HookNotRecorded(ILogger logger, string sweep, string hook, Exception error);
}
