using System.CommandLine;
using System.Globalization;
using Client.Output;
using Client.Sources;
using Sweeps.Log;

namespace Client.Commands;

/// <summary><c>sweep artifacts</c></summary>
public sealed class ArtifactsCommand : SweepCommand
{
    private readonly Argument<int> run = CommonArguments.Run();
    private readonly Argument<string?> sweep = CommonArguments.Sweep();
    private readonly Option<DirectoryInfo?> to = new("--to") { Description = "Copy the files into this folder.", HelpName = "folder" };

    public ArtifactsCommand() : base("artifacts", "The files that a run's program left in SWEEP_OUT.")
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
        var files = await source.Artifacts.ListAsync(id, number, cancel);
        if (parse.GetValue(to) is { } target)
            foreach (var file in files)
                await CopyAsync(source.Artifacts, id, number, file, target.FullName, cancel);
        if (context.Terminal.Json)
            context.Terminal.WriteData(Write(files));
        else if (files.Count == 0)
            context.Terminal.Say($"Run {number} of {id} left no files. A program writes them into the folder SWEEP_OUT.");
        else
            foreach (var file in files)
                context.Terminal.Say(string.Create(CultureInfo.InvariantCulture, $"{file.Bytes,14:N0}  {file.Path}"));
        if (files.Count > 0 && !context.Terminal.Json)
            context.Terminal.Say(parse.GetValue(to) is { } copied ? $"Copied to {copied.FullName}."
                : context.Remote ? $"They are in {source.Place}. To copy them: ./sweep artifacts {number} {id} --to FOLDER"
                : $"They are in {new FolderArtifacts(context.Home.Artifacts).Of(id, number)}.");
        return ExitCode.Done;
    }

    /// <summary>
    /// Copies a file completely or not at all. The path comes from a run's program, so a path outside of the target folder is refused.
    /// </summary>
    private static async Task CopyAsync(IRunArtifacts artifacts, string sweep, int run, RunArtifact file, string target, CancellationToken cancel)
    {
        var path = Path.GetFullPath(file.Path, target);
        if (Path.GetRelativePath(target, path).StartsWith("..", StringComparison.Ordinal))
            throw new UsageException($"The file '{file.Path}' would be written outside of {target}; nothing of it was copied.");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var unfinished = path + ".part";
        await using (var copy = File.Create(unfinished))
            while (await artifacts.ReadAsync(sweep, run, file.Path, copy.Position, cancel) is { Length: > 0 } piece)
                await copy.WriteAsync(piece, cancel);
        File.Move(unfinished, path, overwrite: true);
    }

    private static string Write(IReadOnlyList<RunArtifact> files) => SweepJson.Write(json =>
    {
        json.WriteStartArray();
        foreach (var file in files)
        {
            json.WriteStartObject();
            json.WriteString("path", file.Path);
            json.WriteNumber("bytes", file.Bytes);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    });
}
