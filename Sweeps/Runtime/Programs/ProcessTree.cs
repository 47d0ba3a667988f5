namespace Sweeps.Programs;

/// <summary>
/// The processes of one run: its session, its descendants, and those that left both and are recognised by their environment. On systems without
/// <c>/proc</c> it is the process group.
/// </summary>
/// <param name="leader">The process that was started; it leads its session and group.</param>
/// <param name="marks">The variables that only processes of this run have: <c>NAME=value</c>.</param>
internal sealed class ProcessTree(int leader, IReadOnlyList<string> marks)
{
    private readonly Dictionary<int, long> members = [];
    private readonly HashSet<(int, long)> strangers = [];

    /// <summary>The processes that live. A process that was seen once stays a member whatever it changes.</summary>
    /// <param name="age">How old the look at <c>/proc</c> may be.</param>
    public IReadOnlyList<ProcessEntry> Look(TimeSpan age)
    {
        var table = ProcessTable.Read(age);
        foreach (var (id, started) in members.ToList())
            if (!table.TryGetValue(id, out var now) || now.Started != started)
                members.Remove(id);
        for (var grown = true; grown;)
        {
            grown = false;
            foreach (var entry in table.Values)
                if (!members.ContainsKey(entry.Id) && IsOurs(entry))
                    grown = members.TryAdd(entry.Id, entry.Started);
        }
        var living = new List<ProcessEntry>();
        foreach (var id in members.Keys)
            if (table[id] is var entry && !entry.Zombie)
                living.Add(entry);
            else if (id != leader && table[id].Parent == Environment.ProcessId)
                _ = UnixNative.waitpid(id, out _, UnixNative.WNOHANG);
        return living;
    }

    /// <summary>Sends a signal to all processes.</summary>
    public void Signal(int signal)
    {
        _ = UnixNative.kill(-leader, signal);
        foreach (var entry in Look(TimeSpan.Zero))
            if (entry.Group != leader)
                _ = UnixNative.kill(entry.Id, signal);
    }

    private bool IsOurs(ProcessEntry entry)
    {
        if (entry.Id == leader || entry.Session == leader || entry.Group == leader || members.ContainsKey(entry.Parent))
            return true;
        // An orphan has become a child of this process, the subreaper, or of init.
        if ((entry.Parent != Environment.ProcessId && entry.Parent != 1) || entry.Zombie || strangers.Contains((entry.Id, entry.Started)))
            return false;
        if (ProcessTable.HasEnvironment(entry.Id, marks))
            return true;
        strangers.Add((entry.Id, entry.Started));
        return false;
    }
}
