namespace Sweeps.Files.Yaml;

/// <summary>A node of a YAML document. An alias is represented by the node of its anchor.</summary>
/// <param name="Location">The start of the node.</param>
/// <param name="Size">The number of nodes below and including it, with aliases expanded.</param>
internal abstract record Node(SourceLocation Location, long Size)
{
    /// <summary>The node in a message: <c>a list</c>.</summary>
    public abstract string Kind { get; }
}

/// <param name="Location">The start of the scalar.</param>
/// <param name="Text">The content without quotes.</param>
/// <param name="Plain">Whether it has neither quotes nor the tag <c>!!str</c>, so that it can be a number, a boolean or null.</param>
internal sealed record ScalarNode(SourceLocation Location, string Text, bool Plain) : Node(Location, 1)
{
    public override string Kind => $"'{Text}'";
}

internal sealed record ListNode(SourceLocation Location, IReadOnlyList<Node> Items) : Node(Location, 1 + Items.Sum(item => item.Size))
{
    public override string Kind => "a list";
}

/// <summary>A mapping with text keys; merge keys (<c>&lt;&lt;</c>) are applied.</summary>
internal sealed record MapNode(SourceLocation Location, IReadOnlyList<MapEntry> Entries) : Node(Location, 1 + Entries.Sum(entry => 1 + entry.Value.Size))
{
    public override string Kind => "a map";
}

internal sealed record MapEntry(ScalarNode Key, Node Value);
