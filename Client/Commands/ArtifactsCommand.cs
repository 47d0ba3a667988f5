using System.CommandLine;
using System.Globalization;
using Client.Output;
using Client.Sources;
using Sweeps.Programs;

namespace Client.Commands;

/// <summary><c>sweep artifacts</c></summary>
public sealed class ArtifactsCommand : SweepCommand
{
    private readonly Argument<int> run = CommonArguments.Run();
    private readonly Argument<string?> sweep = CommonArguments.Sweep();
    private readonly Option<DirectoryInfo?> to = new("--to") { Description = "Copy the files into this folder.", HelpName = "folder" };

    public ArtifactsCommand() : base("artifacts", "The files that a run's program left in SWEEP_OUT.", SourceKinds.Home)
    {
        Arguments.Add(run);
        Arguments.Add(sweep);
        Options.Add(to);
    }

    /// <inheritdoc/>
    protected override async Task<ExitCode> RunAsync(ParseResult parse, CommandContext context, CancellationToken cancel)
    {
        await using var source = context.OpenSource();
        var id = await source.ResolveAsync(parse.GetValue(sweep), cancel);
        var number = (await source.FoldAsync(id, cancel)).Run(parse.GetValue(run)).Number;
        var folder = Path.Combine(context.Home.Artifacts(id), ProgramHost.NameOf(number));
        FileInfo[] files = Directory.Exists(folder)
            ? [.. new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).OrderBy(file => file.FullName, StringComparer.Ordinal)]
            : [];
        if (parse.GetValue(to) is { } target)
            foreach (var file in files)
            {
                var copy = Path.Combine(target.FullName, Path.GetRelativePath(folder, file.FullName));
                Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
                file.CopyTo(copy, overwrite: true);
            }
        if (context.Terminal.Json)
            context.Terminal.WriteData(Write(folder, files));
        else if (files.Length == 0)
            context.Terminal.Say($"Run {number} of {id} left no files. A program writes them into the folder SWEEP_OUT.");
        else
            foreach (var file in files)
                context.Terminal.Say(string.Create(CultureInfo.InvariantCulture, $"{file.Length,14:N0}  {Path.GetRelativePath(folder, file.FullName)}"));
        if (files.Length > 0 && !context.Terminal.Json)
            context.Terminal.Say(parse.GetValue(to) is { } copied ? $"Copied to {copied.FullName}." : $"They are in {folder}.");
        return ExitCode.Done;
    }

    private static string Write(string folder, FileInfo[] files) => SweepJson.Write(json =>
    {
        json.WriteStartArray();
        foreach (var file in files)
        {
            json.WriteStartObject();
            json.WriteString("path", Path.GetRelativePath(folder, file.FullName));
            json.WriteNumber("bytes", file.Length);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    });
}
