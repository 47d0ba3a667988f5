using System.CommandLine;
using Client.Local;
using Sweeps.Core;
using Sweeps.Files;

namespace Client.Commands;

/// <summary>The argument of commands that read a sweep file, or a script that defines its sweep.</summary>
public sealed class SweepFileArgument
{
    private readonly Argument<FileInfo> file = new("file") { Description = "The sweep file (YAML), or a Python script or notebook that calls wandb.sweep and wandb.agent." };

    private readonly Argument<string[]> arguments = new("arguments")
    {
        Description = "Of a script: its own arguments, after --",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<int?> number = new("--sweep") { Description = "Of a script that defines several sweeps: which one, counted from 1.", HelpName = "number" };

    public void AddTo(System.CommandLine.Command command)
    {
        command.Arguments.Add(file);
        command.Arguments.Add(arguments);
        command.Options.Add(number);
    }

    /// <summary>
    /// Reads and validates the file. Returns it with its text for the log. Throws <see cref="UsageException"/> with all errors.
    /// </summary>
    /// <param name="parse">The command line.</param>
    /// <param name="context">The terminal and the folder.</param>
    /// <param name="cancel">Cancels the script.</param>
    /// <param name="changes">Returns keys to set after the file has been read; see <see cref="SweepFileEdit.Set"/>.</param>
    /// <param name="withCode">Whether the program is sent with the file, so that it must be on this machine.</param>
    public async Task<(SweepFile File, string Text)> ReadAsync(
        ParseResult parse, CommandContext context, CancellationToken cancel, Func<SweepSpec, IReadOnlyList<(string Key, string Value)>>? changes = null,
        bool withCode = false)
    {
        var path = parse.GetValue(file)!;
        var words = parse.GetValue(arguments) ?? [];
        if (ScriptSweep.IsScript(path))
        {
            var (sweep, text) = await ScriptSweep.ReadAsync(context, path, words, parse.GetValue(number), cancel);
            if (changes?.Invoke(sweep.Spec) is not { Count: > 0 } set)
                return (sweep, text);
            var (changed, changedText) = SweepFileEdit.Apply(text, sweep.FileName, set);
            return (changed, SweepFileEdit.ForLog(changedText, changed));
        }
        if (words.Length > 0)
            throw new UsageException($"'{words[0]}' is one argument too many: {parse.CommandResult.Command.Name} takes file.");
        return parse.GetValue(number) is null
            ? SweepFiles.Read(path, changes, elsewhere: context.Remote && !withCode)
            : throw new UsageException($"--sweep selects a sweep of a Python script, and {path} is a sweep file: leave it out.");
    }
}
