namespace Cluster.Harness;

/// <summary>Waits for a condition on other processes by polling.</summary>
internal static class Eventually
{
    /// <summary>The longest time without progress; far more than any test needs on a busy machine.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    /// <summary>The longest time with progress, for a sweep that does not end.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(8);

    /// <summary>
    /// Polls until <paramref name="done"/> accepts the result. A poll that throws counts as one without a result. Throws
    /// <see cref="TimeoutException"/>, with the awaited condition and the text of <paramref name="situation"/>, if
    /// <paramref name="progress"/> of the result does not change for too long, or if the limit is reached. <paramref name="every"/> is the
    /// interval in seconds.
    /// </summary>
    public static async Task<T> SeeAsync<T>(
        string what, Func<Task<T>> look, Func<T, bool> done, Func<T, long> progress, Func<string> situation, double every = 0.05)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(every));
        var started = TimeProvider.System.GetTimestamp();
        var changed = started;
        var reached = long.MinValue;
        Exception? last = null;
        do
        {
            try
            {
                var seen = await look();
                if (done(seen))
                    return seen;
                if (progress(seen) is var now && now != reached)
                    (reached, changed) = (now, TimeProvider.System.GetTimestamp());
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                last = e;
            }
            await timer.WaitForNextTickAsync();
        }
        while (TimeProvider.System.GetElapsedTime(changed) < Patience && TimeProvider.System.GetElapsedTime(started) < Limit);
        throw new TimeoutException(
            $"In {Patience.TotalSeconds} s without progress, or {Limit.TotalMinutes} min with, this did not happen: {what}.\n{situation()}", last);
    }
}
