using System.Text.RegularExpressions;
using Sweeps.Core;

namespace Sweeps.Programs;

/// <summary>A user's program that reports its epochs. A run is a process, or one process per assignment (docs/programs.md).</summary>
/// <param name="Program">The program's file, relative to <paramref name="Folder"/> or absolute; null if <paramref name="Command"/> names it.</param>
/// <param name="Command">The command line with W&amp;B's macros, one entry per argument; empty for the default of the program's kind.</param>
/// <param name="Folder">The working folder of the processes, absolute in the log of a sweep; null before the file's folder is known.</param>
public sealed record ProgramSpec(string? Program, IReadOnlyList<string> Command, string? Folder) : TrainableSpec
{
    /// <summary>
    /// Whether the module <c>wandb</c> of this product receives the reports of a program written for W&amp;B; null to decide by its imports.
    /// </summary>
    public bool? Wandb { get; init; }

    /// <summary>The expressions that find metrics in the lines of standard output. The name of a group is that of a metric, or <c>epoch</c>.</summary>
    public IReadOnlyList<Regex> Patterns { get; init; } = [];

    /// <summary>
    /// True if the folder of checkpoints has the state after each epoch when the epoch is reported; null if the reports, or the file <c>epoch</c> in the
    /// folder, state the epoch of a checkpoint; false if checkpoints are not kept.
    /// </summary>
    public bool? Checkpoints { get; init; }

    /// <summary>The names of the groups of parameters: <c>optimizer</c> for the parameter <c>optimizer.lr</c> of that group.</summary>
    public IReadOnlySet<string> Groups { get; init; } = new HashSet<string>();

    /// <summary>The code that the client sent with the sweep, which is unpacked into the working folder; null if the program is on the nodes.</summary>
    public ProgramCode? Code { get; init; }

    /// <summary>Additional environment variables; a null value is taken from the environment of the node.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();

    /// <summary>The limits of a run.</summary>
    public ProgramLimits Limits { get; init; } = new();

    /// <summary>The resources that a run needs.</summary>
    public ResourceRequest Resources { get; init; } = new();

    /// <summary>The time between SIGTERM and SIGKILL. Default: ten seconds.</summary>
    public TimeSpan StopGrace { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The command line with its macros, for people.</summary>
    public string CommandLine => string.Join(' ', ProgramLauncher.CommandOf(this, Folder ?? "."));

    /// <summary>The command line of a run, for people, with the configuration but without the values of environment variables.</summary>
    public string CommandLineFor(Configuration configuration) => ProgramCommand.Shell(ProgramCommand.Expand(
        ProgramLauncher.CommandOf(this, Folder ?? "."),
        new CommandValues(["/usr/bin/env"], "python", Program, ProgramCommand.Arguments(configuration, Groups), "config.json", ProgramCommand.Unread)));

    /// <summary>
    /// Returns the file in a folder with the program's text, or null. It is <see cref="Program"/> or the module that this names (<c>python -m
    /// package.train</c>); if it is null, the first file or module among the words of <see cref="Command"/> that is not the path of an interpreter.
    /// </summary>
    public string? SourceIn(string folder) =>
        (Program is { } program ? [program] : Command.Where(word => !Path.IsPathRooted(word) || word.EndsWith(".py", StringComparison.Ordinal)))
        .SelectMany(word => word.Replace('.', Path.DirectorySeparatorChar) is var module ? new[] { word, $"{module}.py", Path.Combine(module, "__main__.py") } : [])
        .Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    /// <summary>The name for people: the program's file, or the first word of the command.</summary>
    public string Name => Path.GetFileName(Program ?? Command.FirstOrDefault(word => !word.StartsWith("${", StringComparison.Ordinal)) ?? "the program");
}

/// <summary>Code that a client sent with a sweep.</summary>
/// <param name="Sha256">The name of the archive, see <see cref="CodeArchive.Sha256"/>.</param>
/// <param name="Commit">The git commit of the folder, see <see cref="CodeArchive.Commit"/>, or null.</param>
public sealed record ProgramCode(string Sha256, string? Commit);

/// <summary>The limits of one run; null stands for no limit. Sizes are in bytes.</summary>
public sealed record ProgramLimits
{
    /// <summary>The resident memory of all processes of the run together.</summary>
    public long? Memory { get; init; }

    /// <summary>The number of processes of the run at the same time.</summary>
    public int? Processes { get; init; }

    /// <summary>The wall time until the next report.</summary>
    public TimeSpan? Epoch { get; init; }

    /// <summary>The wall time of a process of the run.</summary>
    public TimeSpan? Run { get; init; }

    /// <summary>The size of the output that is kept; older output is deleted. Default: 10 MB.</summary>
    public long Log { get; init; } = 10_000_000;

    /// <summary>The total size of the files of a checkpoint. Default: 1 GB.</summary>
    public long Checkpoint { get; init; } = 1_000_000_000;

    /// <summary>The total size of the files in <c>SWEEP_OUT</c>. Default: 1 GB.</summary>
    public long Artifacts { get; init; } = 1_000_000_000;
}

/// <summary>The resources that one run needs.</summary>
/// <param name="Cpus">The number of cores, which may be a fraction; null for the cores of the node divided by its slots.</param>
/// <param name="Gpus">The number of GPUs; a number below 1 is a share of one GPU.</param>
/// <param name="Memory">The memory in bytes; 0 for no request.</param>
public sealed record ResourceRequest(double? Cpus = null, double Gpus = 0, long Memory = 0);

/// <summary>A program failed. The message is for people.</summary>
/// <param name="message">What happened, and the last lines of the output.</param>
/// <param name="permanent">Whether a repetition would fail too, so that the run is not repeated.</param>
public sealed class ProgramException(string message, bool permanent) : Exception(message)
{
    /// <summary>Whether the run is not repeated.</summary>
    public bool Permanent { get; } = permanent;
}
