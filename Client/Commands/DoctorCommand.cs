using System.CommandLine;
using System.Globalization;
using Client.Local;
using Client.Output;
using Client.Sources;
using Engine.Data;
using Engine.Formats;
using Engine.Numerics;
using Npgsql;
using Sweeps;
using Sweeps.Log.Postgres;

namespace Client.Commands;

/// <summary><c>sweep doctor</c></summary>
public sealed class DoctorCommand() : SweepCommand("doctor", "What this machine has for sweeps: vector width, cores, folders, data sets; the store and the cluster that the options name.")
{
    /// <inheritdoc/>
    protected override async Task<ExitCode> RunAsync(ParseResult parse, CommandContext context, CancellationToken cancel)
    {
        var peak = Peak.Measure(context.Time);
        var facts = new List<(string Name, string Value)>
        {
            ("version", $"{Product.Version} on .NET {Environment.Version}"),
            ("processor", string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessorCount} cores, kernels use {peak.Path}{(peak.FlushesDenormals ? "" : ", denormals are not flushed: training may be slow")}")),
            ("one core", string.Create(CultureInfo.InvariantCulture, $"{peak.PeakGflops:0} GFLOP/s at most; a training product reaches {peak.ProductGflops:0}, {peak.Share:0 %}")),
            ("memory", string.Create(CultureInfo.InvariantCulture, $"{GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1e9:0.0} GB")),
            ("sweeps", Folder(context.Home.Path)),
        };
        foreach (var known in PublishedDataset.All)
            facts.Add((known.Name, Data(context, known.Name, cancel)));
        if (context.Store is { Length: > 0 })
            facts.Add(("store", await StoreAsync(context.Store, cancel)));
        if (context.Gateways is { Length: > 0 })
            facts.Add(("cluster", await ClusterAsync(context, cancel)));
        if (context.Terminal.Json)
            context.Terminal.WriteData(SweepJson.Write(json =>
            {
                json.WriteStartObject();
                foreach (var (name, value) in facts)
                    json.WriteString(name.Replace(' ', '_'), value);
                json.WriteEndObject();
            }));
        else
            context.Terminal.Out.Write(NameValueTable.Build(facts, context.Terminal.Width));
        return ExitCode.Done;
    }

    private static string Folder(string path)
    {
        try
        {
            var there = Directory.Exists(path);
            var root = path;
            while (!Directory.Exists(root))
                root = Path.GetDirectoryName(root) ?? throw new DirectoryNotFoundException();
            return string.Create(CultureInfo.InvariantCulture, $"{path}, {(there ? "" : "made by the first sweep, ")}{new DriveInfo(root).AvailableFreeSpace / 1e9:0.0} GB free");
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return $"{path}: {problem.Message}";
        }
    }

    private static string Data(CommandContext context, string name, CancellationToken cancel)
    {
        try
        {
            var dataset = Datasets.Shared.Load(name, Trainables.Options(null) with { Download = false }, null, cancel);
            return string.Create(CultureInfo.InvariantCulture, $"here, {dataset.Train.Count:N0} training and {dataset.Test.Count:N0} test examples");
        }
        catch (DatasetNotFoundException)
        {
            return $"not here; the first sweep that needs it downloads it, or: ./sweep data fetch {name}";
        }
        catch (DataFileException broken)
        {
            return broken.Message;
        }
    }

    private static async Task<string> ClusterAsync(CommandContext context, CancellationToken cancel)
    {
        await using var source = context.OpenCluster();
        try
        {
            var nodes = await source.NodesAsync(cancel);
            var sweeps = (await source.ListAsync(cancel)).Count;
            var troubles = nodes.Where(node => node.Trouble is not null || node.Draining)
                .Select(node => $"{node.Name} {(node.Draining ? "is draining" : $"gets no work: {node.Trouble}")}");
            return string.Join("; ", troubles.Prepend(
                nodes.Count == 0 ? "answers, but none of its silos works" : $"answers, {Format.Count(nodes.Count, "node")} with {Format.Count(nodes.Sum(node => node.Slots), "slot")}, {Format.Count(sweeps, "sweep")}"));
        }
        catch (SourceUnavailableException problem)
        {
            return problem.Message;
        }
    }

    private static async Task<string> StoreAsync(string connection, CancellationToken cancel)
    {
        try
        {
            await using var database = StoreSource.Connect(connection);
            await PostgresStore.Migrator.CheckAsync(database, cancel);
            return "answers, its tables are ready";
        }
        catch (Exception problem) when (problem is NpgsqlException or InvalidOperationException)
        {
            return problem.Message;
        }
    }
}
