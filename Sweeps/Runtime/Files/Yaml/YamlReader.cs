using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Sweeps.Files.Yaml;

/// <summary>Parses one YAML document into nodes with locations. Resolves aliases and merge keys; refuses duplicate keys.</summary>
internal sealed class YamlReader
{
    private const int MaxDepth = 64;

    // Nested aliases expand exponentially. Without a bound, a small file could exhaust the memory.
    private const long MaxSize = 200_000;

    private readonly GuardedParser parser;
    private readonly Diagnostics diagnostics;
    private readonly Dictionary<string, Node?> anchors = [];
    private int depth;

    private YamlReader(string text, Diagnostics diagnostics)
    {
        parser = new GuardedParser(new StringReader(text));
        this.diagnostics = diagnostics;
    }

    /// <summary>Returns the document; null if it is empty or after a reported mistake.</summary>
    public static Node? Read(string text, Diagnostics diagnostics)
    {
        try
        {
            return new YamlReader(text, diagnostics).Document();
        }
        catch (YamlException exception)
        {
            diagnostics.Mistake(FirstTab(text, exception) ?? At(exception.Start), $"This is not YAML: {exception.Message.TrimEnd('.')}.");
        }
        catch (RefusedException refused)
        {
            diagnostics.Mistake(refused.Location, refused.Message);
        }
        return null;
    }

    /// <summary>
    /// Returns the location of the first tab in an indentation, because YamlDotNet reports the start of the map, which often is the first line of the file.
    /// </summary>
    private static SourceLocation? FirstTab(string text, YamlException exception)
    {
        if (!exception.Message.Contains("tab", StringComparison.Ordinal))
            return null;
        foreach (var (n, line) in text.Split('\n').Index())
            if (line.AsSpan(0, line.Length - line.AsSpan().TrimStart().Length).IndexOf('\t') is >= 0 and var column && line.Trim().Length > 0)
                return new SourceLocation(n + 1, column + 1);
        return null;
    }

    private Node? Document()
    {
        parser.Consume<StreamStart>();
        if (parser.Accept<StreamEnd>(out _))
            return null;
        parser.Consume<DocumentStart>();
        var node = ReadNode();
        parser.Consume<DocumentEnd>();
        if (!parser.Accept<StreamEnd>(out _))
            throw new RefusedException(At(parser.Current!.Start), "A second document begins here: a sweep file holds one.");
        return node;
    }

    private Node ReadNode()
    {
        if (++depth > MaxDepth)
            throw new RefusedException(At(parser.Current!.Start), $"Nested deeper than {MaxDepth} levels.");
        if (parser.TryConsume<AnchorAlias>(out var alias))
        {
            depth--;
            return Resolve(alias);
        }
        var current = parser.Consume<NodeEvent>();
        if (!current.Anchor.IsEmpty)
            anchors[current.Anchor.Value] = null;
        Node node = current switch
        {
            Scalar scalar => new ScalarNode(At(scalar.Start), scalar.Value, scalar.Style == ScalarStyle.Plain && !IsText(scalar.Tag)),
            SequenceStart => ReadList(At(current.Start)),
            _ => ReadMap(At(current.Start)),
        };
        if (node.Size > MaxSize)
            throw new RefusedException(node.Location, $"With aliases expanded, this has more than {MaxSize} nodes.");
        if (!current.Anchor.IsEmpty)
            anchors[current.Anchor.Value] = node;
        depth--;
        return node;
    }

    private static bool IsText(TagName tag) => !tag.IsEmpty && !tag.IsNonSpecific && tag.Value.EndsWith(":str", StringComparison.Ordinal);

    private Node Resolve(AnchorAlias alias) => anchors.TryGetValue(alias.Value.Value, out var node)
        ? node ?? throw new RefusedException(At(alias.Start), $"The alias '*{alias.Value.Value}' is inside its own anchor.")
        : throw new RefusedException(At(alias.Start), $"The alias '*{alias.Value.Value}' has no anchor '&{alias.Value.Value}' before it.");

    private ListNode ReadList(SourceLocation location)
    {
        var items = new List<Node>();
        while (!parser.TryConsume<SequenceEnd>(out _))
            items.Add(ReadNode());
        return new ListNode(location, items);
    }

    private MapNode ReadMap(SourceLocation location)
    {
        var entries = new List<MapEntry>();
        var merged = new List<MapEntry>();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var key = ReadNode();
            var value = ReadNode();
            if (key is not ScalarNode name)
                diagnostics.Mistake(key.Location, $"A key must be a text; received {key.Kind}.");
            else if (name is { Plain: true, Text: "<<" })
                merged.AddRange(Merge(value));
            else if (entries.Find(entry => entry.Key.Text == name.Text) is { } earlier)
                diagnostics.Mistake(name.Location, $"The key '{name.Text}' occurs twice, first in line {earlier.Key.Location.Line}. Remove one of them.");
            else
                entries.Add(new MapEntry(name, value));
        }
        foreach (var entry in merged)
            if (!entries.Exists(own => own.Key.Text == entry.Key.Text))
                entries.Add(entry);
        return new MapNode(location, entries);
    }

    private IEnumerable<MapEntry> Merge(Node value)
    {
        var sources = value is ListNode list ? list.Items : [value];
        foreach (var source in sources)
        {
            if (source is MapNode map)
                foreach (var entry in map.Entries)
                    yield return entry;
            else
                diagnostics.Mistake(source.Location, $"A merge key '<<' takes a map or a list of maps; received {source.Kind}.");
        }
    }

    private static SourceLocation At(Mark mark) => new((int)mark.Line, (int)mark.Column);

    private sealed class RefusedException(SourceLocation location, string message) : Exception(message)
    {
        public SourceLocation Location { get; } = location;
    }

    /// <summary>
    /// Converts the exceptions of YamlDotNet's scanner to <see cref="YamlException"/>. For some malformed texts it throws other types, which would end the
    /// process instead of being reported.
    /// </summary>
    private sealed class GuardedParser(TextReader text) : IParser
    {
        private readonly Parser inner = new(text);

        public ParsingEvent? Current => inner.Current;

        public bool MoveNext()
        {
            try
            {
                return inner.MoveNext();
            }
            catch (Exception malformed) when (malformed is InvalidOperationException or ArgumentException or IndexOutOfRangeException or OverflowException)
            {
                var mark = inner.Current?.End ?? Mark.Empty;
                throw new YamlException(mark, mark, "the text after this position is malformed", malformed);
            }
        }
    }
}
