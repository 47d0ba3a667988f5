namespace Sweeps.Programs;

/// <summary>
/// The processes of one run: those of its control group and its session, its descendants, and orphans that are recognised by their environment. On
/// systems without <c>/proc</c> only the process group is known.
/// </summary>
internal sealed class ProcessTree : IDisposable
{
    private static readonly Lock Gate = new();
    private static readonly HashSet<int> Leaders = [];
    private static readonly Lazy<int> OwnSession = new(() => ProcessTable.Read(TimeSpan.Zero).GetValueOrDefault(Environment.ProcessId)?.Session ?? 0);

    private readonly int leader;
    private readonly IReadOnlyList<string> marks;
    private readonly ProgramCgroup? group;
    private readonly Dictionary<int, long> members = [];
    private readonly HashSet<(int, long)> strangers = [];

    /// <param name="leader">The id of the process that was started. It leads its session and group.</param>
    /// <param name="marks">The variables that only processes of this run have: <c>NAME=value</c>.</param>
    /// <param name="group">The control group of the run, or null.</param>
    public ProcessTree(int leader, IReadOnlyList<string> marks, ProgramCgroup? group)
    {
        (this.leader, this.marks, this.group) = (leader, marks, group);
        lock (Gate)
            Leaders.Add(leader);
    }

    /// <summary>Whether the kernel killed processes of the run because their memory exceeded the limit of the control group.</summary>
    public bool OutOfMemory => group?.OutOfMemory == true;

    /// <summary>Removes the run from the list of running ones and deletes its control group. Its processes must have ended.</summary>
    public void Dispose()
    {
        lock (Gate)
            Leaders.Remove(leader);
        group?.Dispose();
    }

    /// <summary>Returns the living processes. A process that was a member once stays one, even if it changes its session, parent or environment.</summary>
    /// <param name="age">The maximum age of the list of processes.</param>
    public IReadOnlyList<ProcessEntry> ReadLiving(TimeSpan age)
    {
        var table = ProcessTable.Read(age);
        foreach (var (id, started) in members.ToList())
            if (!table.TryGetValue(id, out var now) || now.Started != started)
                members.Remove(id);
        foreach (var id in group?.Processes ?? [])
            if (table.TryGetValue(id, out var entry))
                members.TryAdd(id, entry.Started);
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

    /// <summary>
    /// Whether a process of the run may live after the leader was reaped. Such processes are orphans and thus children of the first thread of this process,
    /// their subreaper. One file lists these, while <see cref="ReadLiving"/> reads every process of the machine.
    /// </summary>
    public bool MayHaveOrphans()
    {
        if (members.Count > 1 || group?.Processes.Count > 0)
            return true;
        var orphans = ProcessTable.Orphans();
        lock (Gate)
            return orphans is null || orphans.Any(child => !Leaders.Contains(child));
    }

    /// <summary>Sends a signal to all processes.</summary>
    public void Signal(int signal)
    {
        if (signal == UnixNative.SIGKILL)
            group?.Kill();
        _ = UnixNative.kill(-leader, signal);
        foreach (var entry in ReadLiving(TimeSpan.Zero))
            if (entry.Group != leader)
                _ = UnixNative.kill(entry.Id, signal);
    }

    /// <summary>
    /// Whether an orphan that left its session and cleared its environment must belong to this run, because no other run is running and this process starts
    /// nothing else in a separate session.
    /// </summary>
    private bool MustBeOurs(ProcessEntry entry)
    {
        lock (Gate)
            return group is null && entry.Parent == Environment.ProcessId && entry.Session != OwnSession.Value && Leaders.Count == 1 && Leaders.Contains(leader);
    }

    private bool IsOurs(ProcessEntry entry)
    {
        if (entry.Id == leader || entry.Session == leader || entry.Group == leader || members.ContainsKey(entry.Parent))
            return true;
        // An orphan is a child of this process, the subreaper, or of init.
        if ((entry.Parent != Environment.ProcessId && entry.Parent != 1) || entry.Zombie)
            return false;
        if (MustBeOurs(entry))
            return true;
        if (strangers.Contains((entry.Id, entry.Started)))
            return false;
        if (ProcessTable.HasEnvironment(entry.Id, marks))
            return true;
        strangers.Add((entry.Id, entry.Started));
        return false;
    }
}
