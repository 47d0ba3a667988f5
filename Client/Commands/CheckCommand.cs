using System.CommandLine;
using Client.Local;
using Client.Output;
using Engine.Data;
using Sweeps.Core;
using Sweeps.Files;
using Sweeps.Nodes;
using Sweeps.Programs;
using Sweeps.Training;

namespace Client.Commands;

/// <summary><c>sweep check</c></summary>
public sealed class CheckCommand : SweepCommand
{
    private readonly SweepFileArgument file = new();

    private readonly Option<string?> data = CommonArguments.Data();

    private readonly Option<FileInfo?> tryLog = new("--try-log") { Description = "Show which reports the file would find in this output of the program.", HelpName = "log" };

    public CheckCommand() : base("check", "Check a sweep file: its space, size, rungs, cost, first configurations. Opens its data; starts nothing.", SourceKinds.Cluster)
    {
        file.AddTo(this);
        Options.Add(data);
        Options.Add(tryLog);
    }

    /// <inheritdoc/>
    protected override async Task<ExitCode> RunAsync(ParseResult parse, CommandContext context, CancellationToken cancel)
    {
        var (sweep, _) = await file.ReadAsync(parse, context, cancel);
        if (parse.GetValue(tryLog) is { } log)
        {
            TriedLog.Show(context.Terminal, sweep, log);
            return ExitCode.Done;
        }
        sweep = WithData(context, sweep, Trainables.Options(parse.GetValue(data)) with { Download = false }, cancel);
        var check = SpecCheck.Of(sweep);
        var nodes = await NodesAsync(context, sweep.Spec, cancel);
        if (context.Terminal.Json)
            context.Terminal.WriteData(Write(check, nodes));
        else
        {
            context.Terminal.Say(check.ToString().TrimEnd());
            if (nodes is not null)
                Say(context, nodes);
        }
        return ExitCode.Done;
    }

    /// <summary>
    /// The nodes of the cluster, each with a description of the resources that it lacks for a run, or null; null without a cluster or a
    /// program.
    /// </summary>
    private static async Task<IReadOnlyList<(string Node, string? Lack)>?> NodesAsync(CommandContext context, SweepSpec spec, CancellationToken cancel)
    {
        if (context.Gateways is null || spec.Trainable is not ProgramSpec program)
            return null;
        await using var source = context.OpenCluster();
        return [.. (await source.NodesAsync(cancel)).Select(node => (node.Name, node.Capacity is { } has
            ? NodeResources.Lack(program.Resources, has.Cpus, has.Memory, has.Gpus)
            : "it runs no programs; to allow them, start it with --programs FOLDER or --accept-code"))];
    }

    private static void Say(CommandContext context, IReadOnlyList<(string Node, string? Lack)> nodes)
    {
        var fit = nodes.Count(node => node.Lack is null);
        context.Terminal.Say($"  cluster    a run fits on {fit} of {Format.Count(nodes.Count, "node")} at {context.Gateways}");
        foreach (var (node, lack) in nodes.Where(node => node.Lack is not null))
            context.Terminal.Say($"             not on {node}: {lack}");
        if (fit == 0)
            context.Terminal.Warn("No node of the cluster can run this file: its runs would wait until one joins.");
    }

    /// <summary>
    /// Opens the data to find errors. A published data set that is missing gives only a warning, because <c>run</c> downloads it.
    /// </summary>
    private static SweepFile WithData(CommandContext context, SweepFile sweep, DataOptions options, CancellationToken cancel)
    {
        // The file of a class library may be on the nodes only, which Verify has said.
        if (sweep.Elsewhere && sweep.Spec.Trainable is DotnetSpec { File: var library } && !File.Exists(library))
            return sweep;
        if (sweep.Spec.Trainable is TrainableSpec.Network { Dataset: var name } && PublishedDataset.All.FirstOrDefault(one => one.Name == name) is { } published
            && Trainables.FolderOf(published, options) is null)
            return sweep with { Warnings = [.. sweep.Warnings, new Diagnostic(sweep.TrainedLocation, $"{name} is not on this machine yet: `sweep run` downloads it.")] };
        return sweep with { Warnings = [.. sweep.Warnings, .. Trainables.Make(context, sweep, options, cancel).Warnings] };
    }

    private static string Write(SpecCheck check, IReadOnlyList<(string Node, string? Lack)>? nodes) => SweepJson.Write(json =>
    {
        json.WriteStartObject();
        json.WriteString("name", check.Spec.Name);
        SweepJson.WriteNumber(json, "configurations", check.Space.Configurations);
        SweepJson.WriteNumber(json, "runs", check.Runs);
        SweepJson.WriteNumber(json, "most_epochs", check.Cost?.Epochs);
        json.WriteBoolean("epochs_exact", check.Cost is { Exact: true });
        foreach (var (hook, what) in check.Hooks)
            json.WriteString(hook, what);
        json.WriteStartArray("warnings");
        foreach (var warning in check.File.Warnings)
            json.WriteStringValue(warning.At(check.File.FileName));
        json.WriteEndArray();
        json.WriteStartArray("samples");
        foreach (var sample in check.Samples)
        {
            json.WriteStartObject();
            json.WriteString("name", sample.Name);
            SweepJson.WriteConfiguration(json, sample.Configuration);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        if (nodes is not null)
        {
            json.WriteStartArray("nodes");
            foreach (var (node, lack) in nodes)
            {
                json.WriteStartObject();
                json.WriteString("name", node);
                json.WriteString("lacks", lack);
                json.WriteEndObject();
            }
            json.WriteEndArray();
        }
        json.WriteEndObject();
    });
}
