using System.Text.RegularExpressions;
using Engine;
using Engine.Data;
using Sweeps.Core;
using Sweeps.Core.Rules;
using Sweeps.Files;
using Sweeps.Files.Yaml;
using Sweeps.Training;

namespace Sweeps.Programs;

/// <summary><c>trainable: program</c>: a user's program, with W&amp;B's keys <c>program</c> and <c>command</c>.</summary>
public sealed partial class ProgramDescriptor : TrainableDescriptor
{
    private const string ProgramKey = "program", CommandKey = "command";
    private static readonly TimeSpan PatternTimeout = TimeSpan.FromSeconds(1);

    private enum ReportForm
    {
        Lines = 0,
        Wandb = 1,
        Pattern = 2,
    }

    private static readonly Dictionary<string, ReportForm> Forms = new()
    {
        ["lines"] = ReportForm.Lines, ["wandb"] = ReportForm.Wandb, ["pattern"] = ReportForm.Pattern,
    };

    /// <inheritdoc/>
    public override string Name => "program";

    /// <inheritdoc/>
    public override string Key => ProgramKey;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Keys { get; } =
        [ProgramKey, CommandKey, "folder", "reports", "pattern", "checkpoints", "env", "limits", "resources", "stop_grace", "code"];

    /// <inheritdoc/>
    public override bool OpenEnded => true;

    /// <inheritdoc/>
    public override bool Matches(TrainableSpec spec) => spec is ProgramSpec;

    /// <summary>
    /// Whether a file without <c>trainable</c> is run by its program: if it has one and no data set. A text from a log is not, because versions that did
    /// not run programs trained networks with such a file; this version writes <c>trainable</c> to the log.
    /// </summary>
    internal override bool SelectedBy(Section top, bool stored) => !stored && (top.Has(ProgramKey) || top.Has(CommandKey)) && !top.Has("dataset");

    internal override TrainableSpec? Read(Section top, int format)
    {
        var program = top.TakeText(ProgramKey);
        var command = ReadCommand(top);
        if (program is { Length: 0 })
            top.Mistake(ProgramKey, "'program' is empty: name the file of the program, such as train.py.");
        else if (program is null && !top.Has(ProgramKey) && command is not null)
        {
            if (command.Count == 0)
                top.Mistake("trainable", "'trainable: program' needs 'program', the file of the program, or 'command', its command line.");
            else if (command.Contains("${program}"))
                top.Mistake(CommandKey, "'command' contains ${program}, but 'program' is missing: name the file of the program, such as program: train.py");
        }
        if (!top.Has("metric"))
            top.Mistake(null, "'metric' is missing: it names the metric, reported once per epoch by the program, that the sweep optimises. For instance: metric: {name: val_loss, goal: minimize}");
        var form = top.TakeWord("reports", Forms);
        var patterns = ReadPatterns(top);
        if (form == ReportForm.Pattern && !top.Has("pattern"))
            top.Mistake("reports", @"'reports: pattern' needs 'pattern', such as: pattern: 'epoch (?<epoch>\d+): val_loss (?<val_loss>\S+)'");
        return new ProgramSpec(program, command ?? [], top.TakeText("folder"))
        {
            Wandb = form is null ? null : form == ReportForm.Wandb,
            Patterns = patterns,
            Checkpoints = top.TakeBoolean("checkpoints"),
            Groups = GroupsOf(top.Take("parameters") as MapNode, ""),
            Code = ReadCode(top),
            Environment = ReadEnvironment(top),
            Limits = ReadLimits(top),
            Resources = ReadResources(top),
            StopGrace = top.TakeDuration("stop_grace") ?? TimeSpan.FromSeconds(10),
        };
    }

    /// <inheritdoc/>
    public override Objective DefaultObjective(TrainableSpec spec) => new("loss", Goal.Minimize);

    internal override void Check(SweepFile file, Diagnostics diagnostics)
    {
        var spec = (ProgramSpec)file.Spec.Trainable;
        if (spec.Folder is { } folder && Path.IsPathRooted(folder) && !ProgramLauncher.IsThere(spec, folder, Environment.GetEnvironmentVariable))
        {
            if (file.Elsewhere)
                diagnostics.Warn(file.TrainedLocation, $"There is no program '{spec.Program}' in {folder} on this machine: a run needs a node that has it in a folder of its --programs.");
            else
                diagnostics.Mistake(file.TrainedLocation, $"There is no program '{spec.Program}' in {folder}. Name it relative to the folder of the sweep file, or set 'folder'.");
        }
        if (file.Spec.Rules.Any(rule => rule is AshaSpec or SuccessiveHalvingSpec) && !KeepsCheckpoints(spec))
            diagnostics.Warn(file.TrainedLocation, $"Runs wait at rungs, and {spec.Name} keeps no checkpoint in SWEEP_CHECKPOINT: a run that goes on begins again at epoch 1. "
                + "Save the state there, or choose a rule that does not make runs wait: hyperband, asha_stopping, median.");
        foreach (var (name, value) in spec.Environment)
            if (value is { Length: > 0 } && SecretName().IsMatch(name))
                diagnostics.Warn(file.TrainedLocation, $"The log keeps this file with the value of {name}. To pass on the node's own: env: [{name}]");
        if (file.Spec.OpenEnded && file.Spec.Rules.FirstOrDefault(rule => rule.Plan(file.Spec.MaxEpochs)?.Brackets.Count > 0) is { } rule)
            diagnostics.Mistake(null, $"'{rule.Type}' plans all epochs beforehand: give it 'max_iter', or set the top-level 'epochs' to the epochs that the program trains.");
    }

    /// <summary>
    /// Whether the program keeps checkpoints, according to the sweep file, else according to the program's text, which must name <c>SWEEP_CHECKPOINT</c> or
    /// <c>sweep_report</c>. True if the text cannot be read.
    /// </summary>
    private static bool KeepsCheckpoints(ProgramSpec spec)
    {
        if (spec.Checkpoints is { } said)
            return said;
        try
        {
            return spec.SourceIn(spec.Folder ?? ".") is not { } source || File.ReadAllText(source) is var text
                && (text.Contains("SWEEP_CHECKPOINT", StringComparison.Ordinal) || text.Contains("sweep_report", StringComparison.Ordinal));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }

    /// <inheritdoc/>
    public override string Describe(TrainableSpec spec)
    {
        var program = (ProgramSpec)spec;
        return $"{program.Name}, by: {program.CommandLine}";
    }

    /// <inheritdoc/>
    public override ITrainable Make(SweepSpec spec, Func<string, Dataset> load, Func<string, string> find, TimeProvider time) =>
        new ProgramTrainable((ProgramSpec)spec.Trainable, time);

    /// <summary>Returns the entries of <c>command</c>; empty without it, null after a reported mistake.</summary>
    private static List<string>? ReadCommand(Section top)
    {
        switch (top.Take(CommandKey))
        {
            case null:
                return [];
            case ListNode { Items.Count: > 0 } list:
                var entries = new List<string>();
                foreach (var item in list.Items)
                {
                    if (item is not ScalarNode scalar)
                        top.Diagnostics.Mistake(item.Location, $"An entry of 'command' must be a text; received {item.Kind}.");
                    else if (ProgramCommand.IsUnknownMacro(scalar.Text))
                        top.Diagnostics.Mistake(scalar.Location, $"Unknown macro '{scalar.Text}'. {DidYouMean.Hint(scalar.Text, ProgramCommand.Macros)}");
                    else
                        entries.Add(scalar.Text);
                }
                return entries.Count == list.Items.Count ? entries : null;
            case var node:
                top.Wrong(CommandKey, node, "a list with one entry per argument, such as ['${env}', '${interpreter}', '${program}', '${args}']");
                return null;
        }
    }

    /// <summary>Reads <c>pattern</c>: one pattern with named groups, a list of them, or a map from metrics to patterns with one group each.</summary>
    private static List<Regex> ReadPatterns(Section top)
    {
        var patterns = new List<Regex>();
        switch (top.Take("pattern"))
        {
            case null:
                break;
            case ScalarNode scalar:
                AddPattern(top, scalar, scalar.Text, patterns);
                break;
            case ListNode list when list.Items.All(item => item is ScalarNode):
                foreach (var item in list.Items.Cast<ScalarNode>())
                    AddPattern(top, item, item.Text, patterns);
                break;
            case MapNode map when map.Entries.All(entry => entry.Value is ScalarNode):
                foreach (var (key, value) in map.Entries)
                    AddPattern(top, value, Named(key.Text, ((ScalarNode)value).Text), patterns);
                break;
            case var node:
                top.Wrong("pattern", node, "a regular expression, a list of them, or a map from metrics to them");
                break;
        }
        return patterns;
    }

    /// <summary>Names the first group of a pattern. Characters that the name of a group may not have are encoded by <see cref="MetricNames"/>.</summary>
    private static string Named(string metric, string pattern)
    {
        var open = FirstGroup().Match(pattern);
        return open.Success ? $"{pattern[..open.Index]}(?<{MetricNames.ToGroup(metric)}>{pattern[(open.Index + 1)..]}" : pattern;
    }

    private static void AddPattern(Section top, Node node, string pattern, List<Regex> patterns)
    {
        try
        {
            // Accept Python's form of a named group, (?P<name>…).
            var regex = new Regex(
                pattern.Replace("(?P<", "(?<", StringComparison.Ordinal), RegexOptions.CultureInvariant, PatternTimeout);
            if (regex.GetGroupNames().All(name => char.IsAsciiDigit(name[0])))
                top.Diagnostics.Mistake(node.Location, @"'pattern' names no metric: write a group with the name of the metric, such as (?<val_loss>\S+), or a map: {val_loss: 'loss: (\S+)'}.");
            else
                patterns.Add(regex);
        }
        catch (ArgumentException e)
        {
            top.Diagnostics.Mistake(node.Location, $"'pattern' is not a valid regular expression: {e.Message}");
        }
    }

    /// <summary>Returns the names of all groups of parameters. It reports no mistakes, because the section of parameters does.</summary>
    private static HashSet<string> GroupsOf(MapNode? parameters, string prefix)
    {
        var groups = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (key, value) in parameters?.Entries ?? [])
            if (value is MapNode map && map.Entries.FirstOrDefault(entry => entry.Key.Text == "parameters")?.Value is MapNode members)
            {
                groups.Add(prefix + key.Text);
                groups.UnionWith(GroupsOf(members, $"{prefix}{key.Text}."));
            }
        return groups;
    }

    /// <summary>Reads <c>env</c>: a map from names to values, where a null value stands for that of the node, or a list of names.</summary>
    private static Dictionary<string, string?> ReadEnvironment(Section top)
    {
        var variables = new Dictionary<string, string?>(StringComparer.Ordinal);
        switch (top.Take("env"))
        {
            case null:
                break;
            case ListNode list when list.Items.All(item => item is ScalarNode):
                foreach (var name in list.Items.Cast<ScalarNode>())
                    Add(name, null);
                break;
            case MapNode map when map.Entries.All(entry => entry.Value is ScalarNode):
                foreach (var (name, value) in map.Entries)
                    Add(name, CoreSchema.Read(value) is Value.Null ? null : ((ScalarNode)value).Text);
                break;
            case var node:
                top.Wrong("env", node, "a map from environment variables to their values, or a list of those that are passed on");
                break;
        }
        return variables;

        void Add(ScalarNode name, string? value)
        {
            if (!VariableName().IsMatch(name.Text))
                top.Diagnostics.Mistake(name.Location, $"'{name.Text}' is not a valid name of an environment variable.");
            else if (name.Text.StartsWith("SWEEP_", StringComparison.Ordinal) || name.Text == "SWEEP")
                top.Diagnostics.Mistake(name.Location, $"'{name.Text}' is set by sweep itself: choose a name that does not begin with SWEEP.");
            else
                variables[name.Text] = value;
        }
    }

    private static ProgramCode? ReadCode(Section top)
    {
        if (top.TakeSection("code") is not { } code)
            return null;
        var (sha256, commit) = (code.TakeText("sha256"), code.TakeText("commit"));
        code.End();
        if (sha256 is not null && Log.ICodeStore.IsHash(sha256))
            return new ProgramCode(sha256, commit);
        top.Mistake("code", "'code' is written by `sweep run --with-code`, with the SHA-256 of what was sent: leave it out of the file.");
        return null;
    }

    private static ProgramLimits ReadLimits(Section top)
    {
        if (top.TakeSection("limits") is not { } limits)
            return new ProgramLimits();
        var standard = new ProgramLimits();
        var read = new ProgramLimits
        {
            Memory = TakeSize(limits, "memory"),
            Processes = (int?)limits.TakeInteger("processes", 1, int.MaxValue),
            Epoch = limits.TakeDuration("epoch"),
            Run = limits.TakeDuration("run"),
            Log = TakeSize(limits, "log") ?? standard.Log,
            Checkpoint = TakeSize(limits, "checkpoint") ?? standard.Checkpoint,
            Artifacts = TakeSize(limits, "artifacts") ?? standard.Artifacts,
        };
        limits.End();
        return read;
    }

    private static ResourceRequest ReadResources(Section top)
    {
        if (top.TakeSection("resources") is not { } resources)
            return new ResourceRequest();
        var cpus = resources.TakeNumber("cpus", cpus => cpus is > 0 and <= 10_000, "a number of cores above 0");
        var gpus = resources.TakeNumber("gpus", gpus => gpus is >= 0 and <= 1000 && (gpus < 1 || gpus == Math.Floor(gpus)), "0, a share below 1, or a whole number of GPUs") ?? 0;
        var memory = TakeSize(resources, "memory") ?? 0;
        resources.End();
        return new ResourceRequest(cpus, gpus, memory);
    }

    private static long? TakeSize(Section section, string key)
    {
        if (section.Take(key) is not { } node)
            return null;
        if (node is ScalarNode { Text: var text } && ByteSize.Parse(text) is { } size)
            return size;
        section.Wrong(key, node, "a size such as 4GB, 512MB or a number of bytes");
        return null;
    }

    [GeneratedRegex(@"(?<!\\)\((?!\?)")]
    private static partial Regex FirstGroup();

    [GeneratedRegex("TOKEN|SECRET|PASSWORD|PASSWD|API_?KEY|CREDENTIAL", RegexOptions.IgnoreCase)]
    private static partial Regex SecretName();

    [GeneratedRegex(@"^[A-Za-z_][A-Za-z0-9_]*\z")]
    private static partial Regex VariableName();
}

/// <summary>Encodes names of metrics as names of groups of a regular expression, which may have only letters, digits and <c>_</c>.</summary>
public static class MetricNames
{
    /// <summary>Returns the name with every other character replaced by its UTF-16 code, such as <c>__x2F__</c>.</summary>
    public static string ToGroup(string metric) => Regex.Replace(
        metric, "[^A-Za-z0-9_]", match => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"__x{(int)match.Value[0]:X2}__"));

    /// <summary>Returns the name that <see cref="ToGroup"/> has encoded.</summary>
    public static string OfGroup(string group) => Regex.Replace(
        group, "__x([0-9A-F]+)__", match => ((char)Convert.ToInt32(match.Groups[1].Value, 16)).ToString());
}
