namespace Sweeps.Programs;

/// <summary>
/// Determines which programs a node runs. A silo runs only files of its own folders, directly or with an interpreter, so that whoever can submit a
/// sweep can run nothing else. It runs code that came with a sweep only if the option <c>--accept-code</c> is set.
/// </summary>
public static class ProgramPolicy
{
    private static readonly string[] RefusedVariables = ["PATH", "BASH_ENV", "ENV", "IFS", "PERL5LIB", "PERL5OPT", "RUBYOPT", "NODE_OPTIONS"];
    private static readonly string[] RefusedPrefixes = ["LD_", "DYLD_", "PYTHON"];

    /// <summary>Returns the reason why a node does not run a program, as a clause for messages; null if it does.</summary>
    public static string? Refusal(ProgramSpec spec, ProgramHost? host)
    {
        if (spec.Code is not null)
            return host?.Code is null ? "it takes no code from clients; to allow it, start it with --accept-code" : null;
        if (host is null or { Allowed: [] })
            return "it runs no programs; to allow them, start it with --programs FOLDER";
        return host.Allowed is { } allowed ? Refusal(spec, allowed) : null;
    }

    /// <summary>Converts the command of a hook to a program spec: the first word that is not an interpreter is the program.</summary>
    internal static ProgramSpec OfCommand(IReadOnlyList<string> words, string? folder)
    {
        var before = words.TakeWhile(IsInterpreter).ToList();
        return new ProgramSpec(words.ElementAtOrDefault(before.Count), [.. before, "${program}", .. words.Skip(before.Count + 1)], folder);
    }

    /// <summary>Returns the reason why a node that runs only the files of <paramref name="allowed"/> does not run a program; null if it does.</summary>
    internal static string? Refusal(ProgramSpec spec, IReadOnlyList<string> allowed)
    {
        if (spec.Program is null)
            return "a node runs files of its --programs folders only: name one with 'program', and write ${program} in 'command'";
        if (spec.Environment.Keys.FirstOrDefault(name => RefusedVariables.Contains(name) || RefusedPrefixes.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal))) is { } variable)
            return $"'env' may not set {variable} on a node of a cluster, because it can change which program is run";
        if (FolderOf(spec, allowed) is null)
            return $"the program '{spec.Program}' is not in its folders of programs ({string.Join(", ", allowed)})";
        var before = spec.Command.TakeWhile(entry => entry != "${program}").ToList();
        return spec.Command.Count == 0 || (before.Count < spec.Command.Count && before.All(entry => entry is "${env}" or "${interpreter}" || IsInterpreter(entry)))
            ? null
            : "before ${program} a node of a cluster takes only ${env}, ${interpreter} and the names of interpreters, such as sh or python3.11";
    }

    /// <summary>
    /// Returns the working folder of a program on a node with these folders: its own if that is inside one of them and has the program, else the first that
    /// has it; null if none has.
    /// </summary>
    internal static string? FolderOf(ProgramSpec spec, IReadOnlyList<string> allowed) =>
        (spec.Folder is { } own && allowed.Any(folder => IsInside(own, folder)) ? [own, .. allowed] : allowed).FirstOrDefault(folder =>
            Path.GetFullPath(spec.Program!, folder) is var file && File.Exists(file) && allowed.Any(permitted => IsInside(Real(file), permitted)));

    private static bool IsInterpreter(string entry) =>
        entry is "sh" or "bash" or "Rscript" or "julia" or "node" or "ruby" or "perl"
        || (entry.StartsWith("python", StringComparison.Ordinal) && entry["python".Length..].All(c => char.IsAsciiDigit(c) || c == '.'));

    private static bool IsInside(string path, string folder) =>
        Path.GetRelativePath(Real(folder), path) is var relative && relative != ".." && !relative.StartsWith($"..{Path.DirectorySeparatorChar}", StringComparison.Ordinal) && !Path.IsPathRooted(relative);

    /// <summary>Returns the target of a path whose last part is a symbolic link, else the path.</summary>
    private static string Real(string path) =>
        (Directory.Exists(path) ? Directory.ResolveLinkTarget(path, returnFinalTarget: true) : File.ResolveLinkTarget(path, returnFinalTarget: true))?.FullName ?? path;
}
