namespace Sweeps.Core.Rules;

/// <summary>
/// The values of a rung, sorted by (value, run number): an order-statistic treap (Seidel, Aragon 1996). Priorities are hashes of the run
/// numbers, so that equal contents give equal trees. Operations are O(log n) unless stated otherwise. An entry is open until its run was
/// promoted or can no longer be promoted.
/// </summary>
public sealed class RankedValues
{
    private Node[] nodes = new Node[4];
    private int count;
    private int root = -1;

    public int Count => count;

    /// <summary>The number of open entries.</summary>
    public int Open => root < 0 ? 0 : nodes[root].Opens;

    /// <summary>The entry of rank <paramref name="rank"/>, from 0 for the best.</summary>
    public RankedValue this[int rank]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(rank);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(rank, count);
            var skip = rank;
            for (var at = root; ;)
            {
                ref readonly var node = ref nodes[at];
                var before = Size(node.Left);
                if (skip == before)
                    return new RankedValue(node.Value, node.Run, rank);
                if (skip < before)
                {
                    at = node.Left;
                }
                else
                {
                    skip -= before + 1;
                    at = node.Right;
                }
            }
        }
    }

    /// <summary>Adds a value (finite or +∞). A run has one value in a rung.</summary>
    public void Add(double value, int run, bool open = true)
    {
        if (count == nodes.Length)
            Array.Resize(ref nodes, 2 * count);
        nodes[count] = new Node { Value = value, Run = run, Left = -1, Right = -1, Size = 1, IsOpen = open, Opens = open ? 1 : 0 };
        root = Insert(root, count++);
    }

    /// <summary>The number of values strictly better than <paramref name="value"/> (b in docs/rules.md).</summary>
    public int Better(double value)
    {
        var better = 0;
        for (var at = root; at >= 0;)
        {
            ref readonly var node = ref nodes[at];
            if (node.Value < value)
            {
                better += Size(node.Left) + 1;
                at = node.Right;
            }
            else
            {
                at = node.Left;
            }
        }
        return better;
    }

    /// <summary>
    /// The rank, from 0, that the entry (<paramref name="value"/>, <paramref name="run"/>) has or would have.
    /// </summary>
    public int Rank(double value, int run)
    {
        var before = 0;
        for (var at = root; at >= 0;)
        {
            ref readonly var node = ref nodes[at];
            if (Less(node.Value, node.Run, value, run))
            {
                before += Size(node.Left) + 1;
                at = node.Right;
            }
            else
            {
                at = node.Left;
            }
        }
        return before;
    }

    /// <summary>The best open entry, or null.</summary>
    public RankedValue? FirstOpen()
    {
        if (Open == 0)
            return null;
        var rank = 0;
        for (var at = root; ;)
        {
            ref readonly var node = ref nodes[at];
            if (node.Left >= 0 && nodes[node.Left].Opens > 0)
            {
                at = node.Left;
                continue;
            }
            rank += Size(node.Left);
            if (node.IsOpen)
                return new RankedValue(node.Value, node.Run, rank);
            rank++;
            at = node.Right;
        }
    }

    /// <summary>All open entries, best first. O(n).</summary>
    public List<RankedValue> OpenEntries()
    {
        var entries = new List<RankedValue>(Open);
        Collect(root, 0, entries);
        return entries;
    }

    /// <summary>Closes the entry if it exists and is open.</summary>
    public void Close(double value, int run)
    {
        var found = Find(value, run);
        if (found < 0 || !nodes[found].IsOpen)
            return;
        for (var at = root; at >= 0;)
        {
            nodes[at].Opens--;
            if (at == found)
                break;
            at = Less(value, run, nodes[at].Value, nodes[at].Run) ? nodes[at].Left : nodes[at].Right;
        }
        nodes[found].IsOpen = false;
    }

    private void Collect(int at, int rank, List<RankedValue> entries)
    {
        if (at < 0 || nodes[at].Opens == 0)
            return;
        Collect(nodes[at].Left, rank, entries);
        rank += Size(nodes[at].Left);
        if (nodes[at].IsOpen)
            entries.Add(new RankedValue(nodes[at].Value, nodes[at].Run, rank));
        Collect(nodes[at].Right, rank + 1, entries);
    }

    private int Find(double value, int run)
    {
        var at = root;
        while (at >= 0 && (nodes[at].Run != run || !nodes[at].Value.Equals(value)))
            at = Less(value, run, nodes[at].Value, nodes[at].Run) ? nodes[at].Left : nodes[at].Right;
        return at;
    }

    private int Insert(int at, int fresh)
    {
        if (at < 0)
            return fresh;
        if (Priority(fresh) > Priority(at))
        {
            Split(at, fresh, out nodes[fresh].Left, out nodes[fresh].Right);
            Update(fresh);
            return fresh;
        }
        if (Less(nodes[fresh].Value, nodes[fresh].Run, nodes[at].Value, nodes[at].Run))
            nodes[at].Left = Insert(nodes[at].Left, fresh);
        else
            nodes[at].Right = Insert(nodes[at].Right, fresh);
        Update(at);
        return at;
    }

    private void Split(int at, int pivot, out int before, out int after)
    {
        if (at < 0)
        {
            before = after = -1;
        }
        else if (Less(nodes[at].Value, nodes[at].Run, nodes[pivot].Value, nodes[pivot].Run))
        {
            Split(nodes[at].Right, pivot, out nodes[at].Right, out after);
            Update(at);
            before = at;
        }
        else
        {
            Split(nodes[at].Left, pivot, out before, out nodes[at].Left);
            Update(at);
            after = at;
        }
    }

    private void Update(int at)
    {
        ref var node = ref nodes[at];
        node.Size = 1 + Size(node.Left) + Size(node.Right);
        node.Opens = (node.IsOpen ? 1 : 0) + Opens(node.Left) + Opens(node.Right);
    }

    private int Size(int at) => at < 0 ? 0 : nodes[at].Size;

    private int Opens(int at) => at < 0 ? 0 : nodes[at].Opens;

    /// <summary>
    /// A hash of the run number. It is hashed twice because values may be the simple hash of the run number: priorities in the order of the
    /// values would degenerate the treap to a list.
    /// </summary>
    private ulong Priority(int at) => SplitMix64.Mix(SplitMix64.Mix((ulong)nodes[at].Run) ^ 0xA5A5A5A5A5A5A5A5);

    private static bool Less(double value, int run, double otherValue, int otherRun) =>
        value < otherValue || (value == otherValue && run < otherRun);

    private struct Node
    {
        public double Value;
        public int Run, Left, Right, Size, Opens;
        public bool IsOpen;
    }
}

/// <summary>An entry of a rung: the value, the run, and its rank from 0.</summary>
public readonly record struct RankedValue(double Value, int Run, int Rank);
