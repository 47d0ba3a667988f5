using System.Globalization;
using Engine.Data;
using Sweeps.Core;
using Sweeps.Core.Rules;
using Sweeps.Files;
using Sweeps.Programs;
using Sweeps.Training;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace Client.Local;

/// <summary>Edits the text of sweep files and keeps their comments where possible.</summary>
public static class SweepFileEdit
{
    /// <summary>
    /// Applies changes (<see cref="Set"/>) to a file, parses and validates it. Throws <see cref="UsageException"/> with all errors.
    /// </summary>
    /// <param name="text">The text of the file.</param>
    /// <param name="fileName">The name of the file in messages.</param>
    /// <param name="changes">The keys and their new values.</param>
    /// <param name="elsewhere">See <see cref="SweepFile.Elsewhere"/>.</param>
    public static (SweepFile File, string Text) Apply(string text, string fileName, IReadOnlyList<(string Key, string Value)> changes, bool elsewhere = false)
    {
        var changed = changes.Count > 0 ? Set(text, changes) : text;
        return (Checked(() => (SweepFile.Parse(changed, fileName) with { Elsewhere = elsewhere }).Verify()), changed);
    }

    /// <summary>
    /// The change that replaces the rules of <paramref name="spec"/> by <paramref name="rule"/>: the value in a sweep file, such as
    /// <c>{type: asha_stopping, eta: 4}</c>, or only the name of a rule, which then takes min_iter, max_iter and eta of the rule that it
    /// replaces, if both have them.
    /// </summary>
    public static (string Key, string Value) ReplaceRules(SweepSpec spec, string rule)
    {
        var rungs = StoppingRules.All.Find(rule) is { Geometric: true } && spec.Rules.OfType<GeometricRuleSpec>().FirstOrDefault() is var (first, last, eta)
            ? string.Create(CultureInfo.InvariantCulture, $", min_iter: {first}, max_iter: {last}, eta: {eta}")
            : "";
        return ("early_terminate", rule.StartsWith('{') || rule.StartsWith('[') ? rule : $"{{type: {rule}{rungs}}}");
    }

    /// <summary>
    /// Parses the values of <c>--set</c>: <c>learning_rate=0.01</c>, <c>run_cap=20</c>, <c>early_terminate.eta=4</c>. A parameter of the
    /// file gets a fixed value, or a distribution or list of values if the value is a map or a list; any other name is a key of the file.
    /// Throws <see cref="UsageException"/>.
    /// </summary>
    public static IReadOnlyList<(string Key, string Value)> Assignments(SweepSpec spec, IEnumerable<string> words) => [.. words.Select(word =>
    {
        var equals = word.IndexOf('=', StringComparison.Ordinal);
        if (equals < 1 || equals == word.Length - 1)
            throw new UsageException($"--set {word}: expected NAME=VALUE, such as learning_rate=0.01 or run_cap=20.");
        var (name, value) = (word[..equals], word[(equals + 1)..].Trim());
        if (spec.Space.Find(name) is null)
            return (name, value);
        // The parameters of a group are nested under the group's key 'parameters'.
        return ($"parameters.{name.Replace(".", ".parameters.", StringComparison.Ordinal)}", value switch
        {
            ['{', ..] => value,
            ['[', ..] => $"{{values: {value}}}",
            _ => $"{{value: {value}}}",
        });
    })];

    /// <summary>
    /// Sets keys, such as <c>run_cap</c> or the nested <c>early_terminate.max_iter</c>, to values written as YAML. Keeps comments, except
    /// inside a replaced value of several lines and if the file must be rewritten. Throws <see cref="UsageException"/>.
    /// </summary>
    public static string Set(string text, IEnumerable<(string Key, string Value)> changes)
    {
        foreach (var (key, value) in changes)
            text = Set(text, key, value);
        return text;
    }

    private static string Set(string text, string key, string value)
    {
        var stream = Read(text);
        var (parent, name) = Parent(stream, key);
        var edited = parent.Children.TryGetValue(name, out var old) ? Replace(text, old, value)
            : parent == stream.Documents[0].RootNode ? $"{text.TrimEnd()}\n{name}: {value}\n"
            : parent.Style == MappingStyle.Flow ? text.Insert(End(text, parent) - 1, $", {name}: {value}")
            : text.Insert((int)parent.Children.First().Key.Start.Index, $"{name}: {value}\n{new string(' ', (int)parent.Children.First().Key.Start.Column - 1)}");
        parent.Children[name] = Node(value);
        // An edit in place can change the meaning of the text, for example in a flow mapping. Then the nodes are written instead, which is
        // always correct but loses the comments.
        return SameMeaning(edited, stream) ? edited : Write(stream);
    }

    private static (YamlMappingNode Parent, string Name) Parent(YamlStream stream, string key)
    {
        var at = (YamlMappingNode)stream.Documents[0].RootNode;
        var path = key.Split('.');
        foreach (var level in path[..^1])
        {
            if (!at.Children.TryGetValue(level, out var below) || below is not YamlMappingNode map)
                throw new UsageException($"The sweep file has no '{level}' with keys of its own, so that {key} cannot be set alone. Set the whole key '{path[0]}'.");
            at = map;
        }
        return (at, path[^1]);
    }

    private static string Replace(string text, YamlNode node, string value) =>
        string.Concat(text.AsSpan(0, (int)node.Start.Index), value, text.AsSpan(End(text, node)));

    /// <summary>
    /// The index after a node. Needed because <see cref="YamlNode.End"/> of a mapping or sequence is the end of its first token.
    /// </summary>
    private static int End(string text, YamlNode node)
    {
        var parser = new Parser(new StringReader(text));
        var depth = 0;
        while (parser.MoveNext())
        {
            if (depth == 0 && !(parser.Current is NodeEvent && parser.Current.Start.Index == node.Start.Index))
                continue;
            depth += parser.Current!.NestingIncrease;
            // The end event of a flow collection starts and ends before its closing bracket, so 1 is added.
            if (depth == 0)
                return Math.Min(text.Length, (int)parser.Current.End.Index + (parser.Current is MappingEnd or SequenceEnd ? 1 : 0));
        }
        return text.Length;
    }

    private static bool SameMeaning(string text, YamlStream stream)
    {
        try
        {
            return Read(text).Documents[0].RootNode.Equals(stream.Documents[0].RootNode);
        }
        catch (Exception e) when (e is UsageException or ArgumentException)
        {
            return false;
        }
    }

    /// <summary>
    /// Makes the paths of the data set, the table, the program's folder and the hooks' folders absolute, relative to
    /// <paramref name="folder"/>, because the text is stored in the log and the sweep may be resumed in another working folder. A table
    /// that does not exist there keeps its path, which is searched in the data folders.
    /// </summary>
    public static string WithRootedPaths(string text, SweepSpec spec, string folder) =>
        WithRootedHooks(WithRootedPaths(text, spec.Trainable, folder), spec, folder);

    /// <summary>Adds the absolute working folder to each hook that is a command.</summary>
    private static string WithRootedHooks(string text, SweepSpec spec, string folder)
    {
        var root = (YamlMappingNode)Read(text).Documents[0].RootNode;
        foreach (var (key, hook) in ((string, Hook?)[])[(Hook.Best, spec.OnBest), (Hook.End, spec.OnEnd)])
        {
            if (hook is not { Command: [_, ..] words })
                continue;
            var full = Quoted(Path.GetFullPath(hook.Folder ?? ".", folder));
            text = root.Children[key] is YamlMappingNode
                ? Set(text, $"{key}.folder", full)
                : Set(text, key, $"{{command: [{string.Join(", ", words.Select(Quoted))}], folder: {full}}}");
        }
        return text;
    }

    private static string WithRootedPaths(string text, TrainableSpec trainable, string folder)
    {
        (string Key, Func<string, string> Root) paths = trainable switch
        {
            TrainableSpec.Network => ("dataset", name => DatasetCatalog.Rooted(name, folder)),
            TrainableSpec.Table => ("table", file => File.Exists(Path.GetFullPath(file, folder)) ? Path.GetFullPath(file, folder) : file),
            ProgramSpec => ("folder", path => Path.GetFullPath(path, folder)),
            DotnetSpec => (DotnetKey(text), named => DotnetSpec.Rooted(named, folder)),
            _ => ("", path => path),
        };
        var stream = Read(text);
        if (!((YamlMappingNode)stream.Documents[0].RootNode).Children.TryGetValue(paths.Key, out var value))
            return trainable is ProgramSpec ? $"{text.TrimEnd()}\n{paths.Key}: {Quoted(Path.GetFullPath(folder))}\n" : text;
        Func<string, string> root = value is YamlMappingNode ? path => Path.GetFullPath(path, folder) : paths.Root;
        (YamlScalarNode Node, string Full)[] changes = [.. PathsOf(value).Select(node => (node, root(node.Value!))).Where(change => change.node.Value != change.Item2)];
        if (changes.Any(change => change.Node is not { Anchor.IsEmpty: true, Style: not (ScalarStyle.Literal or ScalarStyle.Folded) }))
        {
            foreach (var (node, full) in changes)
                (node.Value, node.Style) = (full, ScalarStyle.SingleQuoted);
            return Write(stream);
        }
        // Simple values are replaced in place, which keeps the comments; from the last to the first, so that the indices of the others stay
        // valid.
        foreach (var (node, full) in changes.OrderByDescending(change => change.Node.Start.Index))
            text = string.Concat(text.AsSpan(0, (int)node.Start.Index), Quoted(full), text.AsSpan((int)node.End.Index));
        return text;
    }

    private static string Quoted(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    private static IEnumerable<YamlScalarNode> PathsOf(YamlNode value) => (value switch
    {
        YamlMappingNode map => map.Children.Where(pair => DatasetCatalog.PathKeys.Contains((pair.Key as YamlScalarNode)?.Value ?? "")).Select(pair => pair.Value)
            .SelectMany(files => files is YamlSequenceNode list ? list.Children : [files]),
        _ => [value],
    }).OfType<YamlScalarNode>().Where(node => node.Value is { Length: > 0 });

    /// <summary>The key that names the trainable of a file with a .NET trainable.</summary>
    private static string DotnetKey(string text) => ((YamlMappingNode)Read(text).Documents[0].RootNode).Children.ContainsKey("dotnet") ? "dotnet" : "trainable";

    /// <summary>
    /// The text for the log. Adds missing keys: <c>name</c>, because the log has no file name; <c>format</c>, because a newer program may
    /// read the log; and <c>trainable: program</c> for a program, because logs without this key ignore the key <c>program</c>.
    /// </summary>
    public static string ForLog(string text, SweepFile file)
    {
        if (!file.Keys.Contains("name"))
            text = $"{text.TrimEnd()}\nname: '{file.Spec.Name.Replace("'", "''", StringComparison.Ordinal)}'\n";
        if (file.Spec.Trainable is ProgramSpec && !file.Keys.Contains("trainable"))
            text = $"{text.TrimEnd()}\ntrainable: program\n";
        return file.Keys.Contains("format") ? text : $"{text.TrimEnd()}\nformat: {TrainableSpec.Network.NewestFormat}\n";
    }

    /// <summary>
    /// Parses a configuration from <c>learning_rate=0.01</c>, <c>optimizer=adam</c> … Throws <see cref="UsageException"/> when it does not
    /// fit the sweep's parameters.
    /// </summary>
    public static Configuration Configuration(string spec, IEnumerable<string> words)
    {
        var stream = Read(spec);
        var root = (YamlMappingNode)stream.Documents[0].RootNode;
        var point = new YamlMappingNode();
        foreach (var word in words)
        {
            var equals = word.IndexOf('=', StringComparison.Ordinal);
            if (equals < 1)
                throw new UsageException($"'{word}' is not a parameter with its value: write learning_rate=0.01");
            if (point.Children.ContainsKey(word[..equals]))
                throw new UsageException($"'{word[..equals]}' has two values: give each parameter one.");
            point.Add(word[..equals], Node(word[(equals + 1)..]));
        }
        root.Children["enqueue"] = new YamlSequenceNode(point);
        return Checked(() => SweepFile.Parse(Write(stream), "sweep").Spec.Enqueue[0]);
    }

    /// <summary>Every key of a sweep file with its value on one line, <c>early_terminate.eta</c>: 3, in the order of the file.</summary>
    public static Dictionary<string, string> Values(string text)
    {
        var values = new Dictionary<string, string>();
        Collect("", Read(text).Documents[0].RootNode);
        return values;

        void Collect(string key, YamlNode node)
        {
            if (node is YamlMappingNode { Children.Count: > 0 } map)
                foreach (var (name, below) in map.Children)
                    Collect(key.Length == 0 ? OneLine(name) : $"{key}.{OneLine(name)}", below);
            else
                values[key] = OneLine(node);
        }
    }

    private static string OneLine(YamlNode node) => node switch
    {
        YamlMappingNode map => $"{{{string.Join(", ", map.Children.Select(pair => $"{OneLine(pair.Key)}: {OneLine(pair.Value)}"))}}}",
        YamlSequenceNode list => $"[{string.Join(", ", list.Children.Select(OneLine))}]",
        _ => ((YamlScalarNode)node).Value?.ReplaceLineEndings(" ") ?? "",
    };

    private static YamlNode Node(string yaml) => Read($"v: {yaml}").Documents[0].RootNode["v"];

    private static YamlStream Read(string text)
    {
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            return stream;
        }
        catch (YamlException mistake)
        {
            throw new UsageException($"Not YAML: {mistake.Message}", mistake);
        }
    }

    private static string Write(YamlStream stream)
    {
        using var writer = new StringWriter();
        stream.Save(writer, assignAnchors: false);
        var text = writer.ToString();
        return text.EndsWith("...\n", StringComparison.Ordinal) ? text[..^4] : text.EndsWith("...\r\n", StringComparison.Ordinal) ? text[..^5] : text;
    }

    private static T Checked<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (SweepFileException mistake)
        {
            throw new UsageException(string.Join(Environment.NewLine, mistake.Mistakes.Select(diagnostic => diagnostic.Message)), mistake);
        }
    }
}
