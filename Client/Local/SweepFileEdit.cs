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

/// <summary>Changes the text of a sweep file.</summary>
public static class SweepFileEdit
{
    /// <summary>
    /// The file with changes, read and checked. Throws <see cref="UsageException"/> with all that is wrong with it. For the changes, see
    /// <see cref="Set"/>.
    /// </summary>
    public static (SweepFile File, string Text) Apply(string text, string fileName, IReadOnlyList<(string Key, string Value)> changes)
    {
        var changed = changes.Count > 0 ? Set(text, changes) : text;
        return (Checked(() => SweepFile.Parse(changed, fileName).Verify()), changed);
    }

    /// <summary>
    /// The change to <paramref name="spec"/>'s file that replaces its rules by <paramref name="rule"/>, which is written as in a sweep file,
    /// <c>{type: asha_stopping, eta: 4}</c>, or as its name alone; then a ladder takes the rungs of the ladder that it replaces.
    /// </summary>
    public static (string Key, string Value) ReplaceRules(SweepSpec spec, string rule)
    {
        var rungs = StoppingRules.All.Find(rule) is { Geometric: true } && spec.Rules.OfType<GeometricRuleSpec>().FirstOrDefault() is var (first, last, eta)
            ? string.Create(CultureInfo.InvariantCulture, $", min_iter: {first}, max_iter: {last}, eta: {eta}")
            : "";
        return ("early_terminate", rule.StartsWith('{') || rule.StartsWith('[') ? rule : $"{{type: {rule}{rungs}}}");
    }

    /// <summary>
    /// The changes that <c>--set learning_rate=0.01</c>, <c>--set run_cap=20</c> or <c>--set early_terminate.eta=4</c> make: a parameter of the file gets
    /// a fixed value, or a distribution or list where the value is a map or a list; any other name is a key of the file. Throws <see cref="UsageException"/>.
    /// </summary>
    public static IReadOnlyList<(string Key, string Value)> Assignments(SweepSpec spec, IEnumerable<string> words) => [.. words.Select(word =>
    {
        var equals = word.IndexOf('=', StringComparison.Ordinal);
        if (equals < 1 || equals == word.Length - 1)
            throw new UsageException($"--set {word}: expected NAME=VALUE, such as learning_rate=0.01 or run_cap=20.");
        var (name, value) = (word[..equals], word[(equals + 1)..].Trim());
        if (spec.Space.Find(name) is null)
            return (name, value);
        // A group's parameters are below the group's key 'parameters'.
        return ($"parameters.{name.Replace(".", ".parameters.", StringComparison.Ordinal)}", value switch
        {
            ['{', ..] => value,
            ['[', ..] => $"{{values: {value}}}",
            _ => $"{{value: {value}}}",
        });
    })];

    /// <summary>
    /// The file with keys set to values written as YAML: <c>run_cap</c>, or with a dot, <c>early_terminate.max_iter</c>. Comments are kept, except
    /// where a value of several lines is replaced.
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
        // The text may mean something else, for instance in a flow mapping. Writing the nodes is always right, but loses the comments.
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

    /// <summary>The index after a node. <see cref="YamlNode.End"/> of a mapping or sequence is only the end of its first token.</summary>
    private static int End(string text, YamlNode node)
    {
        var parser = new Parser(new StringReader(text));
        var depth = 0;
        while (parser.MoveNext())
        {
            if (depth == 0 && !(parser.Current is NodeEvent && parser.Current.Start.Index == node.Start.Index))
                continue;
            depth += parser.Current!.NestingIncrease;
            // The end event of a flow collection is at its closing bracket, which has no width.
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
    /// The file with the paths of its data set, table, program's folder or hooks' folders made absolute, relative to <paramref name="folder"/>: a log keeps the text, and the sweep
    /// may be resumed in another working folder. A table that is not there keeps its path, which is searched for in the data folders.
    /// </summary>
    public static string WithRootedPaths(string text, SweepSpec spec, string folder) =>
        WithRootedHooks(WithRootedPaths(text, spec.Trainable, folder), spec, folder);

    /// <summary>The file with the folder in each hook that is a command.</summary>
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
        // Simple values are replaced in place, which keeps the comments of the file; from the last to the first, so that the places of the others stay right.
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

    /// <summary>The key of a file with a trainable of .NET that names it.</summary>
    private static string DotnetKey(string text) => ((YamlMappingNode)Read(text).Documents[0].RootNode).Children.ContainsKey("dotnet") ? "dotnet" : "trainable";

    /// <summary>
    /// The file as a log keeps it: with the keys <c>name</c>, <c>format</c> and <c>trainable: program</c> added unless it has them, because the log
    /// has no file name and may be read by a newer program, and a program in the log of an earlier version was not run.
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
    /// The configuration written as <c>learning_rate=0.01</c>, <c>optimizer=adam</c>, checked against the sweep's parameters. Throws
    /// <see cref="UsageException"/> when it does not fit them.
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
