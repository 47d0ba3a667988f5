using System.Text.RegularExpressions;
using Sweeps.Core;

namespace Sweeps.Programs;

/// <summary>A program of the user's: every run is one process, or one per assignment, that reports its epochs (docs/programs.md).</summary>
/// <param name="Program">The program's file, relative to <paramref name="Folder"/> or absolute; null when <paramref name="Command"/> names it.</param>
/// <param name="Command">The command line with W&amp;B's macros, one entry per argument; empty for the default of the program's kind.</param>
/// <param name="Folder">The working folder of the processes, absolute in the log of a sweep; null before the file's folder is known.</param>
public sealed record ProgramSpec(string? Program, IReadOnlyList<string> Command, string? Folder) : TrainableSpec
{
    /// <summary>
    /// Whether the module <c>wandb</c> of this product receives the reports of a program written for W&amp;B; null to find out from its imports.
    /// </summary>
    public bool? Wandb { get; init; }

    /// <summary>The expressions that find metrics in the lines of standard output: the names of their groups are the metrics, or <c>epoch</c>.</summary>
    public IReadOnlyList<Regex> Patterns { get; init; } = [];

    /// <summary>
    /// Whether the folder of checkpoints holds the state after each epoch when the epoch is reported; null when a report says so itself, or the
    /// file <c>epoch</c> in the folder; false when checkpoints are not kept.
    /// </summary>
    public bool? Checkpoints { get; init; }

    /// <summary>The names of the groups of parameters: <c>optimizer</c> for the parameter <c>optimizer.lr</c> of that group.</summary>
    public IReadOnlySet<string> Groups { get; init; } = new HashSet<string>();

    /// <summary>The code that the client sent with the sweep, whose folder is the working folder; null when the program is on the nodes.</summary>
    public ProgramCode? Code { get; init; }

    /// <summary>Additional environment variables; a null value is taken from the environment of the node.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();

    /// <summary>What a run may use at most.</summary>
    public ProgramLimits Limits { get; init; } = new();

    /// <summary>What a run needs of its node.</summary>
    public ResourceRequest Resources { get; init; } = new();

    /// <summary>The time between the gentle stop and the hard one. Default: ten seconds.</summary>
    public TimeSpan StopGrace { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The command line with its macros, for people.</summary>
    public string CommandLine => string.Join(' ', ProgramLauncher.CommandOf(this, Folder ?? "."));

    /// <summary>The command line of a run, for people: with the configuration, and without the values of environment variables.</summary>
    public string CommandLineFor(Configuration configuration) => ProgramCommand.Shell(ProgramCommand.Expand(
        ProgramLauncher.CommandOf(this, Folder ?? "."),
        new CommandValues(["/usr/bin/env"], "python", Program, ProgramCommand.Arguments(configuration, Groups), "config.json", ProgramCommand.Unread)));

    /// <summary>The name for people: the program's file, or the first word of the command.</summary>
    public string Name => Path.GetFileName(Program ?? Command.FirstOrDefault(word => !word.StartsWith("${", StringComparison.Ordinal)) ?? "the program");
}

/// <summary>Code that a client sent with a sweep.</summary>
/// <param name="Sha256">The name of the archive, see <see cref="CodeArchive.Sha256"/>.</param>
/// <param name="Commit">The git commit of the folder, see <see cref="CodeArchive.Commit"/>; or null.</param>
public sealed record ProgramCode(string Sha256, string? Commit);

/// <summary>What one run may use at most; null for no limit. Sizes in bytes.</summary>
public sealed record ProgramLimits
{
    /// <summary>Resident memory of all processes of the run together.</summary>
    public long? Memory { get; init; }

    /// <summary>The number of processes of the run at a time.</summary>
    public int? Processes { get; init; }

    /// <summary>Wall time until the next report.</summary>
    public TimeSpan? Epoch { get; init; }

    /// <summary>Wall time of a process of the run.</summary>
    public TimeSpan? Run { get; init; }

    /// <summary>The output that is kept; older output is dropped. Default: 10 MB.</summary>
    public long Log { get; init; } = 10_000_000;

    /// <summary>The files of a checkpoint together. Default: 1 GB.</summary>
    public long Checkpoint { get; init; } = 1_000_000_000;

    /// <summary>The files of the artifact folder together. Default: 1 GB.</summary>
    public long Artifacts { get; init; } = 1_000_000_000;
}

/// <summary>What one run needs of its node.</summary>
/// <param name="Cpus">Cores, a fraction is allowed; null for the cores of the node divided by its slots.</param>
/// <param name="Gpus">GPUs; below 1 a share of one.</param>
/// <param name="Memory">Bytes; 0 when it does not matter.</param>
public sealed record ResourceRequest(double? Cpus = null, double Gpus = 0, long Memory = 0);

/// <summary>Thrown when a program failed. The message is one sentence for people.</summary>
/// <param name="message">What happened and the last lines of the output.</param>
/// <param name="permanent">Whether the same would happen again, so that the run is not tried again.</param>
public sealed class ProgramException(string message, bool permanent) : Exception(message)
{
    /// <summary>Whether the run is not tried again.</summary>
    public bool Permanent { get; } = permanent;
}
