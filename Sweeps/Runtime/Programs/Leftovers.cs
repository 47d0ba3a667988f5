using System.Globalization;

namespace Sweeps.Programs;

/// <summary>Ends the programs of nodes that have died: their processes live on, and may hold memory, GPUs and files.</summary>
public static class Leftovers
{
    private const string Mark = "SWEEP_NODE_PROCESS=";

    /// <summary>
    /// Kills every process of this user whose environment names a node that no longer lives. Returns how many. Does nothing on systems without
    /// <c>/proc</c>.
    /// </summary>
    public static int End()
    {
        ProgramCgroup.EndLeftovers();
        var ended = 0;
        foreach (var entry in ProcessTable.Read(TimeSpan.Zero).Values)
            if (!entry.Zombie && entry.Id != Environment.ProcessId && NodeOf(entry.Id) is var (node, started) && ProcessTable.StartedAt(node) != started
                && UnixNative.kill(entry.Id, UnixNative.SIGKILL) == 0)
                ended++;
        return ended;
    }

    /// <summary>The node that started a process, and when that node started; null for a process that no node started.</summary>
    private static (int Node, long Started)? NodeOf(int id) =>
        ProcessTable.Environment(id).FirstOrDefault(variable => variable.StartsWith(Mark, StringComparison.Ordinal)) is { } variable
        && variable[Mark.Length..].Split('-') is [var node, var started]
        && int.TryParse(node, CultureInfo.InvariantCulture, out var number) && long.TryParse(started, CultureInfo.InvariantCulture, out var ticks)
            ? (number, ticks)
            : null;
}
