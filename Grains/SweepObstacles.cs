using System.Globalization;
using Grains.Contracts;

namespace Grains;

/// <summary>Determines from the announcements of the nodes why a sweep gets no slot.</summary>
internal static class SweepObstacles
{
    /// <summary>The obstacle of a node whose program cannot read the assignments of newer versions.</summary>
    public static string Older(NodeMessage node) =>
        $"its program ({node.Version}) is older than that of other nodes and cannot read their assignments; update it";

    /// <summary>
    /// Returns one sentence per cause. If a slot trains the sweep or a node has a free slot for it, only the troubles of whole nodes are returned: if the
    /// store rejects writes, for instance, the coordinator cannot answer a request for the free slot.
    /// </summary>
    public static string[] Of(string sweep, IReadOnlyList<NodeMessage> nodes)
    {
        if (nodes.Count == 0)
            return ["No node is running: start a silo."];
        var newest = nodes.Max(node => node.Format);
        var causes = nodes.Select(node => (node.Name, Cause: Cause(node, newest, sweep))).ToList();
        if (nodes.Any(node => Seen(node, sweep) is { Slots: > 0 }) || causes.Exists(node => node.Cause is null))
            causes = [.. nodes.Where(node => node.Trouble is not null).Select(node => (node.Name, node.Trouble))];
        return [.. causes.GroupBy(node => node.Cause!, node => node.Name).Select(group => $"{Who([.. group])}: {group.Key}.")];
    }

    private static string? Cause(NodeMessage node, int newest, string sweep) =>
        node.Trouble
        ?? (node.Format < newest ? Older(node) : null)
        ?? (node.Draining ? "draining; to end the drain: ./sweep undrain NODE" : null)
        ?? Seen(node, sweep)?.Obstacle
        ?? (node.Busy >= node.Slots ? Taken(node) : null);

    private static string Taken(NodeMessage node)
    {
        var users = (node.Sweeps ?? []).Where(used => used.Slots > 0).OrderByDescending(used => used.Slots)
            .Select(used => string.Create(CultureInfo.InvariantCulture, $"{used.Slots} by {used.Sweep}")).ToList();
        return $"all slots are taken{(users.Count > 0 ? $" ({string.Join(", ", users)})" : "")}";
    }

    private static string Who(IReadOnlyList<string> names) =>
        $"{(names.Count == 1 ? "Node" : "Nodes")} {string.Join(", ", names.Take(3))}{(names.Count > 3 ? $" and {names.Count - 3} more" : "")}";

    private static NodeSweep? Seen(NodeMessage node, string sweep) => node.Sweeps?.FirstOrDefault(seen => seen.Sweep == sweep);
}
