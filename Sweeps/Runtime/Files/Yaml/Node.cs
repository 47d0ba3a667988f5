namespace Sweeps.Files.Yaml;

/// <summary>A node of a YAML document, with its place. Aliases are the node they stand for.</summary>
/// <param name="Location">Where it begins.</param>
/// <param name="Size">Nodes below and including it, with aliases written out.</param>
internal abstract record Node(SourceLocation Location, long Size)
{
    /// <summary>What it is, for a message.</summary>
    public abstract string Kind { get; }
}

/// <summary>A scalar.</summary>
/// <param name="Location">Where it begins.</param>
/// <param name="Text">Its content.</param>
/// <param name="Plain">Written without quotes, so that it may be a number, a boolean or null.</param>
internal sealed record ScalarNode(SourceLocation Location, string Text, bool Plain) : Node(Location, 1)
{
    public override string Kind => $"'{Text}'";
}

/// <summary>A sequence.</summary>
internal sealed record ListNode(SourceLocation Location, IReadOnlyList<Node> Items) : Node(Location, 1 + Items.Sum(item => item.Size))
{
    public override string Kind => "a list";
}

/// <summary>A mapping with text keys, merge keys applied.</summary>
internal sealed record MapNode(SourceLocation Location, IReadOnlyList<MapEntry> Entries) : Node(Location, 1 + Entries.Sum(entry => 1 + entry.Value.Size))
{
    public override string Kind => "a map";
}

/// <summary>A key with its value.</summary>
internal sealed record MapEntry(ScalarNode Key, Node Value);
