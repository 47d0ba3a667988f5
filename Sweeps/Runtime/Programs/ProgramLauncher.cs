using System.Text;
using Sweeps.Log;
using Sweeps.Training;

namespace Sweeps.Programs;

/// <summary>Prepares the process of a run: its command line, its environment and its folder.</summary>
internal static class ProgramLauncher
{
    /// <summary>Returns the start of a run's process. Throws <see cref="ProgramException"/> if this node cannot or may not start it.</summary>
    /// <param name="spec">The program.</param>
    /// <param name="start">The run.</param>
    /// <param name="host">The node.</param>
    /// <param name="folders">The paths of the run. The configuration is written to one of them.</param>
    /// <param name="done">The last epoch in the checkpoint.</param>
    /// <param name="until">The epoch to train to; null if the program decides when it ends.</param>
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

    /// <summary>Returns the command of the sweep file, else the default for an executable file other than Python, else W&amp;B's default.</summary>
    public static IReadOnlyList<string> CommandOf(ProgramSpec spec, string folder)
    {
        if (spec.Command.Count > 0 || spec.Program is not { } program)
            return spec.Command;
        return !program.EndsWith(".py", StringComparison.OrdinalIgnoreCase) && Executables.IsExecutable(Path.Combine(folder, program))
            ? ProgramCommand.OfExecutable
            : ProgramCommand.Default;
    }

    /// <summary>
    /// Whether the program is a file of the folder or need not be one: the interpreter finds a module after <c>-m</c>, and a program that the command
    /// executes by its name may be on the PATH.
    /// </summary>
    public static bool IsThere(ProgramSpec spec, string folder, Func<string, string?> variable)
    {
        if (spec.Program is not { } program || File.Exists(Path.Combine(folder, program)))
            return true;
        var words = spec.Command.Where(entry => entry != "${env}").ToList();
        var place = words.IndexOf("${program}");
        return place > 0
            ? words[place - 1] == "-m"
            : place == 0 && Executables.Find(program, folder, spec.Environment.GetValueOrDefault("PATH") ?? variable("PATH") ?? "") is not null;
    }

    /// <summary>
    /// Returns the working folder and the program as the command names it. Throws <see cref="ProgramException"/> if the program does not exist or this node
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
        if (!IsThere(spec, folder, host.Variable))
            throw new ProgramException($"There is no program '{spec.Program}' in {folder}.", permanent: true);
        return Directory.Exists(folder)
            ? (folder, spec.Program)
            : throw new ProgramException($"The working folder {folder} of {spec.Name} does not exist.", permanent: true);
    }

    /// <summary>Unpacks the code of a run, once per assignment. A process that is started again in it finds the files of the process before it.</summary>
    private static void Unpack(ProgramCode code, ICodeReader store, string folder)
    {
        if (Directory.Exists(folder))
            return;
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        try
        {
            CodeArchive.Unpack(store.LoadAsync(code.Sha256, limit.Token).GetAwaiter().GetResult()
                ?? throw new ProgramException($"The code {code.Sha256[..12]} of the sweep is not in the store any more. Send it again: sweep run FILE --with-code", permanent: true), folder);
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

/// <summary>Finds executables.</summary>
internal static class Executables
{
    /// <summary>
    /// Returns the full path of a command, or null. A name without a separator is searched on <paramref name="path"/>, then in <paramref name="folder"/>; any
    /// other name is relative to the folder.
    /// </summary>
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

    /// <summary>Returns <c>python</c>, as W&amp;B uses; <c>python3</c> if only that exists, as on Debian.</summary>
    public static string Interpreter(string path) => Find("python", "/", path) is null && Find("python3", "/", path) is not null ? "python3" : "python";
}
