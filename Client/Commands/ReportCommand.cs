using System.CommandLine;
using Client.Output;
using Client.Sources;
using Client.Views;
using Engine;
using Engine.Data;
using Engine.Formats;
using Sweeps.Analysis;
using Sweeps.Core;
using Sweeps.Page;

namespace Client.Commands;

/// <summary><c>sweep report</c></summary>
public sealed class ReportCommand : ReadingCommand
{
    private readonly Argument<string?> sweep = CommonArguments.Sweep();
    private readonly Option<FileInfo?> file = new("--file", "-o") { Description = "The HTML file to write.", HelpName = "file.html" };
    private readonly Option<DirectoryInfo?> figures = new("--figures") { Description = "Write the charts as SVG files into this folder.", HelpName = "folder" };
    private readonly Option<string?> beside = new("--beside") { Description = "Another sweep, which the page shows beside it.", HelpName = "sweep" };

    public ReportCommand() : base("report", "Write the page of a sweep as one HTML file that needs no server and no network, or its charts as SVG files.")
    {
        Arguments.Add(sweep);
        Options.Add(file);
        Options.Add(figures);
        Options.Add(beside);
    }

    /// <inheritdoc/>
    protected override async Task ShowAsync(ParseResult parse, CommandContext context, ISweepSource source, CancellationToken cancel)
    {
        var (target, folder) = (parse.GetValue(file), parse.GetValue(figures));
        if (target is null && folder is null)
            throw new UsageException("Say what to write: -o report.html, --figures FOLDER, or both.");
        if (target is null && parse.GetValue(beside) is not null)
            throw new UsageException("--beside is for the page: add -o report.html, or leave it out.");
        var id = await source.ResolveAsync(parse.GetValue(sweep), cancel);
        string[] ids = parse.GetValue(beside) is { } other ? [id, await source.ResolveAsync(other, cancel)] : [id];
        var messages = new List<string>();
        if (target is not null)
        {
            var document = await SweepReport.BuildAsync(new PageSource(source, context.User), ids, cancel);
            OutputFile.Write(target.FullName, document);
            messages.Add($"Wrote the page of {string.Join(" and ", ids)} to {target} ({document.Length / 1024.0:N0} KB). Open it in a browser; it needs no network.");
        }
        if (folder is not null)
        {
            folder.Create();
            var (history, log) = await source.LogAsync(id, cancel);
            var drawn = SweepFigures.Of(history, log).Concat(await FiguresOfBestAsync(source, history, cancel)).ToList();
            foreach (var (name, svg) in drawn)
                OutputFile.Write(Path.Combine(folder.FullName, name + ".svg"), svg);
            messages.Add($"Wrote {string.Join(", ", drawn.Select(figure => figure.Name + ".svg"))} to {folder}.");
        }
        context.Terminal.Answer(string.Join(Environment.NewLine, messages), json =>
        {
            json.WriteString("sweep", id);
            json.WriteString("file", target?.FullName);
            json.WriteString("figures", folder?.FullName);
        });
    }

    // As on the page, the model's figures are left out when its weights or its data set are not available.
    private static async Task<IReadOnlyList<(string Name, string Svg)>> FiguresOfBestAsync(ISweepSource source, SweepHistory history, CancellationToken cancel)
    {
        if (history.Spec.Trainable is not TrainableSpec.Network { Dataset: var name } || history.State.Best is not { } best)
            return [];
        try
        {
            if (await source.BestWeightsAsync(history.Sweep, best.Number, cancel) is not { } weights)
                return [];
            var data = Datasets.Shared.Load(name, DataOptions.FromEnvironment() with { Download = false }, null, cancel);
            return [.. SweepFigures.Of($"{history.Sweep}, run {best.Number}, epoch {weights.Epoch}", ModelInspection.Of(weights.Data.ToArray(), data), data)];
        }
        catch (Exception problem) when (problem is DatasetNotFoundException or DataFileException or EngineException or UsageException)
        {
            return [];
        }
    }
}
