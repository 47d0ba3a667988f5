using System.Text.RegularExpressions;
using Sweeps.Core.Space;
using Sweeps.Files.Yaml;

namespace Sweeps.Files.Sections;

/// <summary><c>parameters</c>: the search space with nested groups and conditions.</summary>
internal static partial class ParametersSection
{
    private const string Key = "parameters";

    /// <summary>Returns the parameters in ordinal order of their full names; null after a reported mistake about the whole map.</summary>
    public static IReadOnlyList<Parameter>? Read(Section top, Dictionary<string, SourceLocation> locations)
    {
        if (top.Take(Key) is not { } node)
        {
            top.Diagnostics.Mistake(top.Location, "'parameters' is missing: it defines what the sweep searches. For instance: parameters: {learning_rate: {min: 0.001, max: 0.1}}");
            return null;
        }
        if (node is not MapNode map)
        {
            top.Wrong(Key, node, "a map from names to their values or distributions");
            return null;
        }
        if (map.Entries.Count == 0)
        {
            top.Diagnostics.Mistake(map.Location, "'parameters' is empty: a sweep searches at least one.");
            return null;
        }
        CoreSchema.WarnWhereYaml11Differs(map, top.Diagnostics);
        var found = new List<(string Name, Distribution? Distribution, IReadOnlyList<Condition> Conditions)>();
        Collect(map, "", [], found, locations, top.Diagnostics);
        var conditions = Conditions.Resolve(found, locations, top.Diagnostics);
        return [.. found.Where(parameter => parameter.Distribution is not null)
            .Select(parameter => new Parameter(parameter.Name, parameter.Distribution!, conditions[parameter.Name]))
            .OrderBy(parameter => parameter.Name, StringComparer.Ordinal)];
    }

    private static void Collect(
        MapNode group, string prefix, IReadOnlyList<Condition> inherited,
        List<(string, Distribution?, IReadOnlyList<Condition>)> found, Dictionary<string, SourceLocation> locations, Diagnostics diagnostics)
    {
        foreach (var (key, value) in group.Entries)
        {
            var name = prefix + key.Text;
            if (!NameForm().IsMatch(key.Text))
                diagnostics.Mistake(key.Location, $"'{key.Text}' is not a valid parameter name: use letters, digits and _ . -, with a letter or _ first.");
            else if (value is not MapNode spec)
                diagnostics.Mistake(value.Location, $"'{Key}.{name}' must be a map; received {value.Kind}. {Suggestion(value)}");
            else if (!locations.TryAdd(name, key.Location))
                diagnostics.Mistake(key.Location, $"The parameter '{name}' occurs twice, first in line {locations[name].Line}.");
            else
                ReadSpec(spec, name, inherited, found, locations, diagnostics);
        }
    }

    private static void ReadSpec(
        MapNode spec, string name, IReadOnlyList<Condition> inherited,
        List<(string, Distribution?, IReadOnlyList<Condition>)> found, Dictionary<string, SourceLocation> locations, Diagnostics diagnostics)
    {
        var section = new Section(spec, $"{Key}.{name}", diagnostics);
        IReadOnlyList<Condition> conditions = section.Take("when") is { } when ? [.. inherited, .. Conditions.Read(when, name, diagnostics)] : inherited;
        if (section.Take(Key) is not { } members)
        {
            found.Add((name, DistributionReader.Read(section), conditions));
            foreach (var (n, value) in section.Take("values") is ListNode values ? values.Items.Index() : [])
                locations[$"{name}[{n}]"] = value.Location;
            return;
        }
        locations.Remove(name);
        if (members is not MapNode { Entries.Count: > 0 } map)
            section.Wrong(Key, members, "a map with at least one parameter");
        else
            Collect(map, name + ".", conditions, found, locations, diagnostics);
        section.End();
    }

    private static string Suggestion(Node value) => value switch
    {
        ScalarNode => "For a constant write {value: …}.",
        ListNode => "For a choice write {values: […]}.",
        _ => "",
    };

    [GeneratedRegex(@"^[A-Za-z_][A-Za-z0-9_.-]*\z")]
    private static partial Regex NameForm();
}
