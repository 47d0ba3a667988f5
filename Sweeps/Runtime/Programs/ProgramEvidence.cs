using System.Diagnostics;
using System.Security.Cryptography;

namespace Sweeps.Programs;

/// <summary>
/// Identifies the program of a run by a hash of its file, the git commit of its folder, and the interpreter with its version. The log keeps it, so that
/// a change between the runs of a sweep is visible. Thread-safe.
/// </summary>
internal sealed class ProgramEvidence(ProgramSpec spec)
{
    private static readonly string[] Interpreters = ["python", "Rscript", "julia", "node", "ruby", "perl"];
    private static readonly TimeSpan VersionLimit = TimeSpan.FromSeconds(10);

    private readonly Lock gate = new();
    private readonly Dictionary<string, string> versions = [];
    private (DateTime At, long Length, string Text) hashed;

    /// <summary>Returns the identification in one line: <c>train.py 1a2b3c4d5e6f, git 0a1b2c3d4e5f, Python 3.11.2</c>.</summary>
    public string Of(ProcessStart start)
    {
        lock (gate)
        {
            var parts = new List<string> { $"{spec.Name} {HashOf(start)}".TrimEnd() };
            if (spec.Code is { } code)
                parts.Add($"code {code.Sha256[..12]}");
            if ((spec.Code is null ? CommitOf(start.Folder) : spec.Code.Commit) is { } commit)
                parts.Add($"git {(spec.Code is null ? commit[..Math.Min(12, commit.Length)] : commit)}");
            if (Interpreter(start) is { } interpreter)
                parts.Add(versions.TryGetValue(interpreter, out var known) ? known : versions[interpreter] = VersionOf(interpreter, start));
            return string.Join(", ", parts);
        }
    }

    /// <summary>The first twelve digits of the SHA-256 of the program's file, or of the executable if the command names no file.</summary>
    private string HashOf(ProcessStart start)
    {
        var file = new FileInfo(spec.SourceIn(start.Folder) ?? start.File);
        if (!file.Exists)
            return "";
        if (hashed.At == file.LastWriteTimeUtc && hashed.Length == file.Length)
            return hashed.Text;
        using var content = file.OpenRead();
        hashed = (file.LastWriteTimeUtc, file.Length, Convert.ToHexStringLower(SHA256.HashData(content))[..12]);
        return hashed.Text;
    }

    private static string? Interpreter(ProcessStart start)
    {
        var command = Path.GetFileName(start.File) == "env" ? start.Arguments.ElementAtOrDefault(1) : start.Arguments[0];
        return command is not null && Interpreters.Any(known => Path.GetFileName(command).StartsWith(known, StringComparison.OrdinalIgnoreCase)) ? command : null;
    }

    private static string VersionOf(string interpreter, ProcessStart start)
    {
        try
        {
            var asked = new ProcessStartInfo(interpreter, ["--version"]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = start.Folder };
            asked.Environment.Clear();
            foreach (var variable in start.Environment.Where(variable => !variable.StartsWith("SWEEP", StringComparison.Ordinal)))
                asked.Environment[variable.Split('=', 2)[0]] = variable.Split('=', 2)[1];
            using var process = Process.Start(asked)!;
            // Read standard error too, because Python 2 and Perl write their version there.
            var errors = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEndAsync();
            if (!process.WaitForExit(VersionLimit))
                process.Kill(entireProcessTree: true);
            var line = (output.GetAwaiter().GetResult() + errors.GetAwaiter().GetResult()).Split('\n').Select(text => text.Trim()).FirstOrDefault(text => text.Any(char.IsAsciiDigit));
            return line is null ? interpreter : Files.PlainText.Fit(line, 60);
        }
        catch (Exception e) when (e is System.ComponentModel.Win32Exception or IOException or InvalidOperationException)
        {
            return interpreter;
        }
    }

    /// <summary>
    /// Returns the commit that is checked out in the folder or in one above it, or null. It reads git's files, so that git need not be installed.
    /// </summary>
    private static string? CommitOf(string folder)
    {
        try
        {
            for (var at = new DirectoryInfo(folder); at is not null; at = at.Parent)
                if (GitFolder(Path.Combine(at.FullName, ".git")) is { } git)
                    return Resolve(git, File.ReadAllText(Path.Combine(git, "HEAD")).Trim());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The repository is damaged or may not be read: report no commit.
        }
        return null;
    }

    /// <summary>Returns git's folder: the path itself, or the folder that the <c>.git</c> file of a worktree names; null if there is none.</summary>
    private static string? GitFolder(string path) => Directory.Exists(path) ? path
        : File.Exists(path) && File.ReadAllText(path).Trim() is var text && text.StartsWith("gitdir: ", StringComparison.Ordinal)
            ? Path.GetFullPath(text["gitdir: ".Length..], Path.GetDirectoryName(path)!)
            : null;

    private static string? Resolve(string git, string head)
    {
        if (!head.StartsWith("ref: ", StringComparison.Ordinal))
            return head;
        var name = head["ref: ".Length..];
        var common = Path.Combine(git, "commondir");
        foreach (var place in File.Exists(common) ? [git, Path.GetFullPath(File.ReadAllText(common).Trim(), git)] : new[] { git })
        {
            if (File.Exists(Path.Combine(place, name)))
                return File.ReadAllText(Path.Combine(place, name)).Trim();
            if (File.Exists(Path.Combine(place, "packed-refs"))
                && File.ReadLines(Path.Combine(place, "packed-refs")).FirstOrDefault(line => line.EndsWith(" " + name, StringComparison.Ordinal)) is { } packed)
                return packed.Split(' ')[0];
        }
        return null;
    }
}
