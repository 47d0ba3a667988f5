namespace Cluster.Harness;

/// <summary>Waits for what other processes do, by looking again and again.</summary>
internal static class Eventually
{
    /// <summary>How long nothing may change; far more than anything here needs, even on a busy machine.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    /// <summary>How long it may take though something changes all the time, as in a sweep without an end.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(8);

    /// <summary>
    /// Looks until <paramref name="done"/> likes what it sees. A look that fails counts as nothing seen. Throws
    /// <see cref="TimeoutException"/>, with what was awaited and what <paramref name="situation"/> says, when <paramref name="progress"/> of
    /// what is seen has stood still for too long, or when it takes for ever. Looks <paramref name="every"/> so many seconds.
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
