namespace Sweeps.Core;

/// <summary>
/// The time of each assigned run's last report, and the runs whose assignment no node has confirmed. In memory only: after a restart the
/// assignments are known from the log, and every run gets a new lease. Times must not decrease. <see cref="Touch"/> and
/// <see cref="TakeExpired"/> are O(1) per run.
/// </summary>
internal sealed class LeaseTable
{
    private readonly LinkedList<(int Run, DateTimeOffset At)> oldestFirst = [];
    private readonly Dictionary<int, LinkedListNode<(int Run, DateTimeOffset At)>> leases = [];

    private readonly SortedSet<int> unconfirmed = [];

    /// <summary>Runs that their node has not reported since <see cref="Grant"/>: the reply with the assignment may be lost.</summary>
    public IReadOnlyCollection<int> Unconfirmed => unconfirmed;

    /// <summary>Starts the lease of a newly assigned, unconfirmed run.</summary>
    public void Grant(int run, DateTimeOffset at)
    {
        Touch(run, at);
        unconfirmed.Add(run);
    }

    /// <summary>Renews the lease of a run that its node reported.</summary>
    public void Touch(int run, DateTimeOffset at)
    {
        unconfirmed.Remove(run);
        if (leases.TryGetValue(run, out var node))
        {
            oldestFirst.Remove(node);
            node.Value = (run, at);
            oldestFirst.AddLast(node);
        }
        else
        {
            leases[run] = oldestFirst.AddLast((run, at));
        }
    }

    /// <summary>Renews all leases without confirming them.</summary>
    public void Renew(DateTimeOffset at)
    {
        for (var node = oldestFirst.First; node is not null; node = node.Next)
            node.Value = (node.Value.Run, at);
    }

    /// <summary>Ends the lease.</summary>
    public void Remove(int run)
    {
        unconfirmed.Remove(run);
        if (leases.Remove(run, out var node))
            oldestFirst.Remove(node);
    }

    /// <summary>Removes and returns a run last reported before <paramref name="limit"/>, or returns null.</summary>
    public int? TakeExpired(DateTimeOffset limit)
    {
        if (oldestFirst.First is not { } oldest || oldest.Value.At >= limit)
            return null;
        Remove(oldest.Value.Run);
        return oldest.Value.Run;
    }
}
