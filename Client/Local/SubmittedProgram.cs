using System.Globalization;
using Client.Sources;
using Sweeps.Files;
using Sweeps.Programs;

namespace Client.Local;

/// <summary>Shows the command that a cluster will execute for a sweep over a program, and sends the program's code if requested.</summary>
/// <param name="context">The terminal.</param>
/// <param name="source">The cluster.</param>
/// <param name="withCode">Whether to send the code.</param>
/// <param name="yes">Whether to send it without confirmation.</param>
public sealed class SubmittedProgram(CommandContext context, ClusterSource source, bool withCode, bool yes)
{
    private const int MaxShown = 8;

    /// <summary>
    /// Returns the text of the sweep file to submit. Throws <see cref="UsageException"/> when the code cannot be sent or the user declines.
    /// </summary>
    /// <param name="text">The text for the log.</param>
    /// <param name="file">The checked sweep file.</param>
    /// <param name="cancel">Cancels the call.</param>
    public async Task<string> PrepareAsync(string text, SweepFile file, CancellationToken cancel)
    {
        if (file.Spec.Trainable is not ProgramSpec program)
            return withCode ? throw new UsageException($"--with-code sends a program, and {file.FileName} has none: leave it out.") : text;
        var example = program.CommandLineFor(SpecCheck.Of(file).Samples[0].Configuration);
        if (!withCode)
        {
            context.Terminal.Say($"Each run executes, on a node that has {program.Name} in a folder of its --programs: {example}");
            return text;
        }
        var code = await PackAsync(program, cancel);
        if ((await source.NodesAsync(cancel)) is { Count: > 0 } nodes && nodes.All(node => node.Capacity is not { Code: true }))
            throw new UsageException($"No node of {source.Place} takes code from clients: start silos with --accept-code, or put the program into a folder of their --programs and leave out --with-code.");
        var known = await source.HasCodeAsync(code.Sha256, cancel);
        Show(program, code, example, known);
        if (!known)
        {
            if (!yes && !context.Terminal.Ask($"Send this code to {source.Place} and run it there?"))
                throw new UsageException("Nothing was sent. To run code on a cluster for the first time without a question: --yes");
            await source.SendCodeAsync(code, cancel);
        }
        return SweepFileEdit.Set(text, [("code", $"{{sha256: '{code.Sha256}'{(code.Commit is { } commit ? $", commit: '{commit}'" : "")}}}")]);
    }

    private static async Task<CodeArchive> PackAsync(ProgramSpec program, CancellationToken cancel)
    {
        var folder = program.Folder ?? Environment.CurrentDirectory;
        if (program.Program is { } named && Path.IsPathRooted(named))
            throw new UsageException($"--with-code sends the folder {folder}: name the program relative to it, not as {named}.");
        try
        {
            var code = await CodeArchive.PackAsync(folder, cancel);
            return program.SourceIn(folder) is { } file && !code.Files.Contains(Path.GetRelativePath(folder, Path.GetFullPath(file)).Replace(Path.DirectorySeparatorChar, '/'))
                ? throw new UsageException($"{Path.GetRelativePath(folder, file)} is not among the files that git lists in {folder}: does .gitignore name it?")
                : code;
        }
        catch (ProgramException problem)
        {
            throw new UsageException(problem.Message, problem);
        }
    }

    private void Show(ProgramSpec program, CodeArchive code, string example, bool known)
    {
        var terminal = context.Terminal;
        terminal.Say(string.Create(CultureInfo.InvariantCulture,
            $"Code: {code.Files.Count} files of {program.Folder}{(code.Commit is { } commit ? $", git {commit}" : "")}, {Math.Ceiling(code.Bytes.Length / 1e3):N0} kB packed{(known ? ", in the cluster's store already" : "")}"));
        if (!known)
            terminal.Say($"  {Some(code.Files)}");
        if (code.LeftOut.Count > 0)
            terminal.Say($"Left out, because they may hold secrets or are no files of the folder: {Some(code.LeftOut)}");
        terminal.Say($"Each run executes, in its own copy of the folder: {example}");
    }

    private static string Some(IReadOnlyList<string> paths) =>
        string.Join(", ", paths.Take(MaxShown)) + (paths.Count > MaxShown ? $" and {paths.Count - MaxShown} more" : "");
}
