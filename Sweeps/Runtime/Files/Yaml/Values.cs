using System.Collections.Immutable;
using Sweeps.Core;

namespace Sweeps.Files.Yaml;

/// <summary>Turns nodes into values.</summary>
internal static class Values
{
    /// <summary>The value of a node.</summary>
    public static Value Of(Node node) => node switch
    {
        ScalarNode scalar => CoreSchema.Read(scalar),
        ListNode list => new Value.List([.. list.Items.Select(Of)]),
        MapNode map => new Value.Map(map.Entries.ToImmutableSortedDictionary(entry => entry.Key.Text, entry => Of(entry.Value), StringComparer.Ordinal)),
        _ => throw new ArgumentOutOfRangeException(nameof(node), node, "A node is a scalar, a list or a map."),
    };

    /// <summary>Diagnostics every scalar of a node that W&amp;B reads differently.</summary>
    public static void WarnWhereYaml11Differs(Node node, Diagnostics diagnostics)
    {
        switch (node)
        {
            case ScalarNode scalar when CoreSchema.InYaml11(scalar) is { } other:
                diagnostics.Warn(scalar.Location, $"'{scalar.Text}' is {Describe(CoreSchema.Read(scalar))} here (YAML 1.2); W&B (YAML 1.1) reads {other}.");
                break;
            case ListNode list:
                foreach (var item in list.Items)
                    WarnWhereYaml11Differs(item, diagnostics);
                break;
            case MapNode map:
                foreach (var entry in map.Entries)
                    WarnWhereYaml11Differs(entry.Value, diagnostics);
                break;
        }
    }

    /// <summary>What a value is, for a message.</summary>
    public static string Describe(Value value) => value switch
    {
        Value.Null => "null",
        Value.Boolean boolean => $"the boolean {boolean}",
        Value.Integer integer => $"the integer {integer}",
        Value.Number number => $"the number {number}",
        Value.Text text => $"the text '{text}'",
        Value.List => "a list",
        _ => "a map",
    };
}
