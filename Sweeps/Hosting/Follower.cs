using System.Runtime.CompilerServices;
using Sweeps.Core;

namespace Sweeps.Hosting;

/// <summary>Follows the log of a sweep through its coordinator.</summary>
public static class Follower
{
    private const int Page = 1000;

    /// <summary>
    /// The events after <paramref name="afterSeq"/> as they come, in pages of at most 1,000, without end: a finished sweep may be extended.
    /// Asks again after <paramref name="pause"/> when there was nothing new.
    /// </summary>
    public static async IAsyncEnumerable<IReadOnlyList<LoggedEvent>> FollowAsync(
        this ISweepCoordinator coordinator, long afterSeq, TimeSpan pause, TimeProvider time, [EnumeratorCancellation] CancellationToken cancel)
    {
        while (true)
        {
            var page = await coordinator.EventsAsync(afterSeq, Page, cancel);
            if (page.Count > 0)
            {
                afterSeq = page[^1].Seq;
                yield return page;
            }
            else
                await Task.Delay(pause, time, cancel);
        }
    }
}
