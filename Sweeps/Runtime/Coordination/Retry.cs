namespace Sweeps.Coordination;

/// <summary>Waiting between attempts: 50 ms, doubled each time, two seconds at most.</summary>
internal static class Retry
{
    /// <summary>The wait before attempt <paramref name="attempt"/>, counted from 1 for the first repetition.</summary>
    public static TimeSpan Delay(int attempt) => TimeSpan.FromMilliseconds(Math.Min(2000, 50L << Math.Min(attempt - 1, 10)));

    /// <summary>Waits before the next attempt.</summary>
    public static Task WaitAsync(int attempt, TimeProvider time, CancellationToken cancel) => Task.Delay(Delay(attempt), time, cancel);
}
