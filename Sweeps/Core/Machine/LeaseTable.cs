namespace Sweeps.Core;

/// <summary>
/// When each assigned run was last reported by its node, and which ones no node has mentioned yet. Only in memory: a restarted coordinator
/// knows who runs what from the log, and gives everybody one lease time to say so. Times must not go back. Touch and expiry are O(1) per run.
/// </summary>
internal sealed class LeaseTable
{
    private readonly LinkedList<(int Run, DateTimeOffset At)> oldestFirst = [];
    private readonly Dictionary<int, LinkedListNode<(int Run, DateTimeOffset At)>> leases = [];

    private readonly SortedSet<int> unconfirmed = [];

    /// <summary>Runs whose node has not mentioned them since <see cref="Grant"/>: the reply that assigned them may be lost.</summary>
    public IReadOnlyCollection<int> Unconfirmed => unconfirmed;

    /// <summary>The run is assigned; its node does not know it yet.</summary>
    public void Grant(int run, DateTimeOffset at)
    {
        Touch(run, at);
        unconfirmed.Add(run);
    }

    /// <summary>The run was reported now.</summary>
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

    /// <summary>All runs count as reported now, though nobody has mentioned them.</summary>
    public void Renew(DateTimeOffset at)
    {
        for (var node = oldestFirst.First; node is not null; node = node.Next)
            node.Value = (node.Value.Run, at);
    }

    /// <summary>The run is assigned no more.</summary>
    public void Remove(int run)
    {
        unconfirmed.Remove(run);
        if (leases.Remove(run, out var node))
            oldestFirst.Remove(node);
    }

    /// <summary>Takes out a run that was last reported before <paramref name="limit"/>, or returns null.</summary>
    public int? TakeExpired(DateTimeOffset limit)
    {
        if (oldestFirst.First is not { } oldest || oldest.Value.At >= limit)
            return null;
        Remove(oldest.Value.Run);
        return oldest.Value.Run;
    }
}
