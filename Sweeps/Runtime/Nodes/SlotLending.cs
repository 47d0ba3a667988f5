using Engine.Numerics;

namespace Sweeps.Nodes;

/// <summary>A training session whose batches several threads can compute.</summary>
public interface IDividedSession
{
    /// <summary>The threads that compute them, for idle slots to help.</summary>
    Team Team { get; }
}

/// <summary>
/// The runs of a node whose batches idle slots may help to compute. A slot that was idle for a moment joins the run with the fewest helpers; it
/// leaves at the end of the batch when it is given work. Coordinators do not know of it: a lent slot is a free slot. Thread-safe.
/// </summary>
/// <param name="processors">Slots at work and helping together are at most as many: threads of one batch that take turns are slower than one.</param>
/// <param name="changed">Called when idle slots that could not help may be able to. Called on any thread, without a lock.</param>
internal sealed class SlotLending(int processors, Action changed)
{
    private readonly Lock gate = new();
    private int working, helping;
    private volatile Team[] teams = [];
    private volatile bool crowded;

    /// <summary>Whether an idle slot could help.</summary>
    public bool HasRoom
    {
        get
        {
            lock (gate)
                return working + helping < processors && teams.Any(team => team.HasRoom);
        }
    }

    /// <summary>Begins to lend helpers to a run.</summary>
    public void Add(Team team) => Change(() => teams = [.. teams, team]);

    /// <summary>Ends it. The helpers leave when the team is closed.</summary>
    public void Remove(Team team) => Change(() => teams = [.. teams.Where(other => other != team)]);

    /// <summary>A slot has begun to work for a run.</summary>
    public void Begin() => Change(() => working++);

    /// <summary>A slot has been released.</summary>
    public void End() => Change(() => working--);

    /// <summary>Helps the run with the fewest helpers, until <paramref name="isWanted"/> or the helper is one too many. Returns at once where none has room.</summary>
    /// <param name="isWanted">Whether the slot has work.</param>
    /// <param name="joins">Called with the team before the slot joins it; returns false when the slot has got work meanwhile.</param>
    public void Help(Func<bool> isWanted, Func<Team, bool> joins)
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
            team.Help(() => isWanted() || crowded || IsUneven(team));
        Change(() => helping--);
    }

    /// <summary>Whether another run has two helpers less than this one.</summary>
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
