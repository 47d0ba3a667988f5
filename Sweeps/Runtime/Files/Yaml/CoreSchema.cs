using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Sweeps.Core;

namespace Sweeps.Files.Yaml;

/// <summary>
/// Converts YAML nodes to values by the core schema of YAML 1.2, and finds scalars that YAML 1.1 (PyYAML, which W&amp;B uses) reads differently.
/// </summary>
internal static partial class CoreSchema
{
    public static Value Read(Node node) => node switch
    {
        ScalarNode scalar => ReadScalar(scalar),
        ListNode list => new Value.List([.. list.Items.Select(Read)]),
        MapNode map => new Value.Map(map.Entries.ToImmutableSortedDictionary(entry => entry.Key.Text, entry => Read(entry.Value), StringComparer.Ordinal)),
        _ => throw new ArgumentOutOfRangeException(nameof(node), node, "A node is a scalar, a list or a map."),
    };

    /// <summary>Warns about every scalar below a node that W&amp;B reads differently.</summary>
    public static void WarnWhereYaml11Differs(Node node, Diagnostics diagnostics)
    {
        switch (node)
        {
            case ScalarNode scalar when KindInYaml11(scalar) is { } other:
                diagnostics.Warn(scalar.Location, $"'{scalar.Text}' is {Describe(ReadScalar(scalar))} here (YAML 1.2); W&B (YAML 1.1) reads {other}.");
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

    /// <summary>A value in a message: <c>the integer 3</c>.</summary>
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

    private static Value ReadScalar(ScalarNode scalar)
    {
        var text = scalar.Text;
        if (!scalar.Plain)
            return new Value.Text(text);
        return text switch
        {
            "" or "~" or "null" or "Null" or "NULL" => Value.Null.Instance,
            "true" or "True" or "TRUE" => new Value.Boolean(true),
            "false" or "False" or "FALSE" => new Value.Boolean(false),
            _ => ReadNumber(text) ?? new Value.Text(text),
        };
    }

    /// <summary>The kind of value that YAML 1.1 reads from a plain scalar; null if it is the same as in YAML 1.2.</summary>
    private static string? KindInYaml11(ScalarNode scalar)
    {
        if (!scalar.Plain)
            return null;
        var text = scalar.Text;
        if (Grouped().IsMatch(text))
            return null;
        if (Boolean11().IsMatch(text))
            return "a boolean";
        if (Octal11().IsMatch(text))
            return "an octal number";
        if (Other11().IsMatch(text))
            return "another number";
        if (Date11().IsMatch(text))
            return "a date";
        return ReadNumber(text) is not null && !Integer11().IsMatch(text) && !Float11().IsMatch(text) ? "text" : null;
    }

    private static Value? ReadNumber(string text)
    {
        if (Integer().IsMatch(text) && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer))
            return new Value.Integer(integer);
        // Accept 1_000 as W&B does: YAML 1.1 allows underscores in numbers, YAML 1.2 does not.
        if (Grouped().IsMatch(text) && long.TryParse(text.Replace("_", "", StringComparison.Ordinal), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var grouped))
            return new Value.Integer(grouped);
        if (text.StartsWith("0x", StringComparison.Ordinal) && long.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var hex))
            return new Value.Integer(hex);
        if (OctalDigits().IsMatch(text) && text.Length < 22)
            return new Value.Integer(Convert.ToInt64(text[2..], 8));
        if (Float().IsMatch(text))
            return new Value.Number(double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture));
        return text switch
        {
            ".inf" or ".Inf" or ".INF" or "+.inf" or "+.Inf" or "+.INF" => new Value.Number(double.PositiveInfinity),
            "-.inf" or "-.Inf" or "-.INF" => new Value.Number(double.NegativeInfinity),
            ".nan" or ".NaN" or ".NAN" => new Value.Number(double.NaN),
            _ => null,
        };
    }

    [GeneratedRegex(@"^[-+]?[0-9]+\z")]
    private static partial Regex Integer();

    [GeneratedRegex(@"^[-+]?[1-9][0-9]{0,2}(_[0-9]{3})+\z")]
    private static partial Regex Grouped();

    [GeneratedRegex(@"^0o[0-7]+\z")]
    private static partial Regex OctalDigits();

    [GeneratedRegex(@"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\z")]
    private static partial Regex Float();

    [GeneratedRegex(@"^(yes|Yes|YES|no|No|NO|on|On|ON|off|Off|OFF)\z")]
    private static partial Regex Boolean11();

    [GeneratedRegex(@"^[-+]?0[0-7_]+\z")]
    private static partial Regex Octal11();

    // Numbers with underscores between digits, in base 2, and in base 60.
    [GeneratedRegex(@"^([-+]?0b[01_]+|[-+]?[0-9][0-9]*(_[0-9_]*)+(\.[0-9_]*)?|[-+]?[1-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?)\z")]
    private static partial Regex Other11();

    [GeneratedRegex(@"^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt ].*)?\z")]
    private static partial Regex Date11();

    [GeneratedRegex(@"^([-+]?(0|[1-9][0-9]*)|[-+]?0x[0-9a-fA-F]+)\z")]
    private static partial Regex Integer11();

    [GeneratedRegex(@"^([-+]?[0-9]+\.[0-9]*([eE][-+][0-9]+)?|\.[0-9]+([eE][-+][0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))\z")]
    private static partial Regex Float11();
}
