using System.Text;
using Sweeps.Log;
using Sweeps.Training;

namespace Sweeps.Programs;

/// <summary>Prepares the process of a run: its command line, its environment and its folder.</summary>
internal static class ProgramLauncher
{
    /// <summary>The process of a run. Throws <see cref="ProgramException"/> when this node cannot start it.</summary>
    /// <param name="spec">The program.</param>
    /// <param name="start">The run.</param>
    /// <param name="host">The node.</param>
    /// <param name="folders">The paths of the run; the configuration is written there.</param>
    /// <param name="done">The epochs already done.</param>
    /// <param name="until">The epochs wanted now, or null when the program decides it.</param>
    public static ProcessStart Prepare(ProgramSpec spec, RunStart start, ProgramHost host, RunFolders folders, int done, int? until)
    {
        var (folder, program) = Locate(spec, host, folders);
        var arguments = ProgramCommand.Arguments(start.Configuration, spec.Groups);
        File.WriteAllText(folders.Configuration, PythonText.Json(arguments), new UTF8Encoding(false));
        var environment = ProgramEnvironment.Of(spec, start, host, folders, folder, done, until);
        var path = environment.FirstOrDefault(variable => variable.StartsWith("PATH=", StringComparison.Ordinal))?[5..] ?? "";
        var values = new CommandValues(
            OperatingSystem.IsWindows() ? [] : ["/usr/bin/env"], Executables.Interpreter(path), program, arguments, folders.Configuration, host.Variable);
        var entries = CommandOf(spec, folder);
        var command = ProgramCommand.Expand(entries, values);
        if (command.Count == 0)
            throw new ProgramException($"The command of {spec.Name} is empty.", permanent: true);
        var file = Executables.Find(command[0], folder, path) ?? throw new ProgramException(
            $"{spec.Name} could not be started: '{command[0]}' is neither a file in {folder} nor a program on the PATH of this machine.", permanent: true);
        return new ProcessStart(file, command, environment, folder, ProgramCommand.Shell(ProgramCommand.Expand(entries, values with { Variable = ProgramCommand.Unread })));
    }

    /// <summary>The command of the sweep file, or the default: W&amp;B's, but for a file that can be executed itself.</summary>
    public static IReadOnlyList<string> CommandOf(ProgramSpec spec, string folder)
    {
        if (spec.Command.Count > 0 || spec.Program is not { } program)
            return spec.Command;
        return !program.EndsWith(".py", StringComparison.OrdinalIgnoreCase) && Executables.IsExecutable(Path.Combine(folder, program))
            ? ProgramCommand.OfExecutable
            : ProgramCommand.Default;
    }

    /// <summary>
    /// The working folder and the program as the command names it. Throws <see cref="ProgramException"/> when it is not there, or when this node
    /// may not run it.
    /// </summary>
    private static (string Folder, string? Program) Locate(ProgramSpec spec, ProgramHost host, RunFolders folders)
    {
        if (ProgramPolicy.Refusal(spec, host) is { } refusal)
            throw new ProgramException($"{spec.Name} may not run on this node: {refusal}.", permanent: false);
        if (spec.Code is { } code)
        {
            Unpack(code, host.Code!, folders.Code);
            return (folders.Code, spec.Program);
        }
        if (host.Allowed is { } allowed)
            return (ProgramPolicy.FolderOf(spec, allowed)!, spec.Program);
        var folder = spec.Folder ?? Environment.CurrentDirectory;
        if (spec.Program is { } program && !File.Exists(Path.Combine(folder, program)))
            throw new ProgramException($"There is no program '{program}' in {folder}.", permanent: true);
        return Directory.Exists(folder)
            ? (folder, spec.Program)
            : throw new ProgramException($"There is no folder {folder}, in which {spec.Name} was to run.", permanent: true);
    }

    /// <summary>Unpacks the code of a run once; a program that goes on after a pause finds its folder as it left it.</summary>
    private static void Unpack(ProgramCode code, ICodeStore store, string folder)
    {
        if (Directory.Exists(folder))
            return;
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        try
        {
            CodeArchive.Unpack(store.LoadAsync(code.Sha256, limit.Token).GetAwaiter().GetResult()
                ?? throw new ProgramException($"The code {code.Sha256[..12]} of the sweep is not in the store any more: submit the sweep again.", permanent: true), folder);
        }
        catch (InvalidDataException e)
        {
            throw new ProgramException(e.Message, permanent: true);
        }
        catch (Exception e) when (e is OperationCanceledException or System.Data.Common.DbException)
        {
            throw new ProgramException($"The code of the sweep could not be read from the store: {e.Message.Split('\n')[0]}", permanent: false);
        }
    }
}

/// <summary>Finds executables as a shell does.</summary>
internal static class Executables
{
    /// <summary>The full path of a command, or null. A name without a separator is looked for on the path, and then in the folder.</summary>
    public static string? Find(string command, string folder, string path)
    {
        if (command.Contains('/') || (OperatingSystem.IsWindows() && command.Contains('\\')))
            return Path.Combine(folder, command) is var full && IsExecutable(full) ? full : null;
        return path.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(place => OperatingSystem.IsWindows() ? new[] { command, $"{command}.exe", $"{command}.bat" }.Select(name => Path.Combine(place, name)) : [Path.Combine(place, command)])
            .Append(Path.Combine(folder, command))
            .FirstOrDefault(IsExecutable);
    }

    /// <summary>Whether a file can be executed.</summary>
    public static bool IsExecutable(string file) => File.Exists(file)
        && (OperatingSystem.IsWindows() || (File.GetUnixFileMode(file) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != 0);

    /// <summary>W&amp;B's <c>python</c>; <c>python3</c> where only that exists, as on Debian.</summary>
    public static string Interpreter(string path) => Find("python", "/", path) is null && Find("python3", "/", path) is not null ? "python3" : "python";
}
