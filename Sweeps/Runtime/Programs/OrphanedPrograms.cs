using System.Globalization;

namespace Sweeps.Programs;

/// <summary>Kills the programs of nodes that were killed on this machine. Their processes continue to run and occupy memory, GPUs and files.</summary>
public static class OrphanedPrograms
{
    private const string Mark = "SWEEP_NODE_PROCESS=";

    /// <summary>
    /// Kills every process of this user whose environment names a node process that has ended. Returns the number of killed processes. Does nothing on
    /// systems without <c>/proc</c>.
    /// </summary>
    public static int Kill()
    {
        ProgramCgroup.KillOrphans();
        var killed = 0;
        foreach (var entry in ProcessTable.Read(TimeSpan.Zero).Values)
            if (!entry.Zombie && entry.Id != Environment.ProcessId && NodeOf(entry.Id) is var (node, started) && ProcessTable.StartedAt(node) != started
                && UnixNative.kill(entry.Id, UnixNative.SIGKILL) == 0)
                killed++;
        return killed;
    }

    /// <summary>Returns the id and start time of the node process that started a process; null for a process that no node started.</summary>
    private static (int Node, long Started)? NodeOf(int id) =>
        ProcessTable.Environment(id).FirstOrDefault(variable => variable.StartsWith(Mark, StringComparison.Ordinal)) is { } variable
        && variable[Mark.Length..].Split('-') is [var node, var started]
        && int.TryParse(node, CultureInfo.InvariantCulture, out var number) && long.TryParse(started, CultureInfo.InvariantCulture, out var ticks)
            ? (number, ticks)
            : null;
}
