using Engine.Numerics;

namespace Sweeps.Nodes;

/// <summary>A training session that can divide the work of a batch among threads.</summary>
public interface IDividedSession
{
    /// <summary>The threads that compute the batches; the threads of idle slots can join them.</summary>
    Team Team { get; }
}

/// <summary>
/// Lets the threads of idle slots help to compute the batches of runs. A slot that is idle for a while joins the run with the fewest helpers; when it
/// gets work, it leaves at the end of the batch. A helping slot counts as free, so coordinators assign work to it as usual. Thread-safe.
/// </summary>
/// <param name="processors">
/// The maximum number of working and helping slots together. Threads of one batch that share a processor would make the batch slower.
/// </param>
/// <param name="changed">Called when an idle slot may have become able to help, on any thread and without a lock.</param>
internal sealed class SlotLending(int processors, Action changed)
{
    private readonly Lock gate = new();
    private int working, helping;
    private volatile Team[] teams = [];
    private volatile bool crowded;

    /// <summary>Whether a run can use one more helper.</summary>
    public bool HasRoom
    {
        get
        {
            lock (gate)
                return working + helping < processors && teams.Any(team => team.HasRoom);
        }
    }

    /// <summary>Begins to provide helpers to a run.</summary>
    public void Add(Team team) => Change(() => teams = [.. teams, team]);

    /// <summary>Provides no more helpers to a run. Its present helpers leave when the team is closed.</summary>
    public void Remove(Team team) => Change(() => teams = [.. teams.Where(other => other != team)]);

    /// <summary>Counts a slot that begins to work for a run.</summary>
    public void Begin() => Change(() => working++);

    /// <summary>Counts a working slot that was released.</summary>
    public void End() => Change(() => working--);

    /// <summary>
    /// Helps the run with the fewest helpers. Returns when <paramref name="hasWork"/> is true, when more slots are busy than there are processors, when
    /// another run has at least two helpers fewer, or at once if no run can use a helper.
    /// </summary>
    /// <param name="hasWork">Whether the slot has work of its own.</param>
    /// <param name="joins">Called with the team before the slot joins it; returns false if the slot has got work meanwhile.</param>
    public void Help(Func<bool> hasWork, Func<Team, bool> joins)
    {
        Team? team;
        lock (gate)
        {
            team = working + helping < processors ? teams.Where(one => one.HasRoom).MinBy(one => one.Helpers) : null;
            if (team is null)
                return;
            helping++;
        }
        if (joins(team))
            team.Help(() => hasWork() || crowded || IsUneven(team));
        Change(() => helping--);
    }

    /// <summary>Whether another run that can use a helper has at least two helpers fewer than this one.</summary>
    private bool IsUneven(Team team)
    {
        foreach (var other in teams)
            if (other != team && other.HasRoom && other.Helpers + 1 < team.Helpers)
                return true;
        return false;
    }

    private void Change(Action change)
    {
        lock (gate)
        {
            change();
            crowded = working + helping > processors;
        }
        foreach (var team in teams)
            team.Recall();
        changed();
    }
}
