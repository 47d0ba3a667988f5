using Microsoft.Extensions.Logging;
using Sweeps.Coordination;
using Sweeps.Core;

namespace Sweeps.Hooks;

/// <summary>
/// Calls the hooks of one sweep in the background, one at a time. A best value that comes while a call runs replaces the one that waits.
/// <see cref="Observe"/> is called by the pump and does not block; a failure is recorded and logged, and changes nothing else.
/// </summary>
internal sealed partial class HookRunner(
    string sweep, HookHost host, TimeProvider time, ILogger logger, Func<RecordHook, Task> record) : IAsyncDisposable
{
    private readonly Lock gate = new();
    private readonly CancellationTokenSource closing = new();
    private (int Run, int Epoch, double Value)? seen;
    private HookCall? best, end;
    private bool endCalled;
    private volatile bool leaving;
    private TaskCompletionSource hurry = New();
    private Task working = Task.CompletedTask;
    private long lastBest;

    /// <summary>The state when the coordinator opened: its best value was announced by an earlier process, its end perhaps not.</summary>
    public void Begin(SweepState state)
    {
        seen = BestOf(state);
        Observe(state);
    }

    /// <summary>Queues what is new in the durable state. O(1).</summary>
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
            (endCalled, hurry) = (false, New());
        if (endCalled || leaving)
            hurry.TrySetResult();
    }

    /// <summary>Completes when no call runs or waits. From now on no call is put off.</summary>
    public async Task WhenIdleAsync(CancellationToken cancel)
    {
        leaving = true;
        while (true)
        {
            Task current;
            lock (gate)
                current = working;
            hurry.TrySetResult();
            await current.WaitAsync(cancel);
            lock (gate)
                if (current == working)
                    return;
        }
    }

    /// <summary>Waits for the calls, at most for <see cref="HookHost.CloseLimit"/>, and ends what still runs.</summary>
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

    /// <summary>The next call; the last best value before the end.</summary>
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

    /// <summary>Waits until <c>on_best</c> may start again. The end of the sweep and the closing of the coordinator end the wait.</summary>
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
            await Task.WhenAny(Task.Delay(left, time, closing.Token), hurry.Task);
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
            // The coordinator closes. An end that is not recorded is announced by the next one.
        }
        catch (Exception e)
        {
            HookNotRecorded(logger, sweep, call.Name, e);
        }
    }

    [LoggerMessage(210, LogLevel.Warning, "Sweep {Sweep}: {Hook} failed: {Error}")]
    private static partial void HookFailed(ILogger logger, string sweep, string hook, string error);

    [LoggerMessage(211, LogLevel.Warning, "Sweep {Sweep}: the call of {Hook} could not be recorded; an end of the sweep is announced again.")]
    private static partial void HookNotRecorded(ILogger logger, string sweep, string hook, Exception error);
}
