namespace Sweeps.Coordination;

/// <summary>Exponential backoff between attempts: 50 ms, doubled each time, at most two seconds.</summary>
internal static class Retry
{
    /// <summary>Waits after failed attempt <paramref name="attempt"/>, counted from 1.</summary>
    public static Task WaitAsync(int attempt, TimeProvider time, CancellationToken cancel) =>
        Task.Delay(TimeSpan.FromMilliseconds(Math.Min(2000, 50L << Math.Min(attempt - 1, 10))), time, cancel);
}
