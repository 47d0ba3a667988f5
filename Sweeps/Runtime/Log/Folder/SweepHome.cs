namespace Sweeps.Log.Folder;

/// <summary>
/// The folder of all sweeps on this machine and the paths in it:
/// <c>&lt;home&gt;/&lt;sweep&gt;/{events.jsonl, sweep.yaml, snapshot, lock, checkpoints/r000017/e000003-g2.checkpoint, logs/r000017, artifacts, work}</c>.
/// </summary>
public sealed class SweepHome
{
    /// <summary>The environment variable that names the folder.</summary>
    public const string Variable = "SWEEP_HOME";

    /// <summary>Creates a home at a path, which need not exist.</summary>
    public SweepHome(string path) => Path = System.IO.Path.GetFullPath(path);

    /// <summary>The full path.</summary>
    public string Path { get; }

    /// <summary>The folder in <see cref="Variable"/>, or <c>sweeps</c> in the user's folder for application data.</summary>
    public static SweepHome Default() => new(
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named
            ? named
            : System.IO.Path.Combine(
                Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify),
                "sweeps"));

    /// <summary>The folder of a sweep. Throws <see cref="ArgumentException"/> if the id is not valid, so that no path leaves the home.</summary>
    public string Folder(string sweep) => System.IO.Path.Combine(Path, SweepId.Check(sweep));

    /// <summary>The event log of a sweep.</summary>
    public string Events(string sweep) => System.IO.Path.Combine(Folder(sweep), "events.jsonl");

    /// <summary>A copy of the current sweep file for people. The program itself reads the sweep file from the log.</summary>
    public string SweepFile(string sweep) => System.IO.Path.Combine(Folder(sweep), "sweep.yaml");

    /// <summary>The folder of the output of a run's program.</summary>
    public string Logs(string sweep, int run) => System.IO.Path.Combine(Folder(sweep), "logs", $"r{run:D6}");

    /// <summary>The folder of the files that a sweep's programs wrote to <c>SWEEP_OUT</c>.</summary>
    public string Artifacts(string sweep) => System.IO.Path.Combine(Folder(sweep), "artifacts");

    /// <summary>The folder of the Python modules for programs. Its name cannot be the id of a sweep.</summary>
    public string Python => System.IO.Path.Combine(Path, ".python");

    /// <summary>The folder of the code that was sent with sweeps. Its name cannot be the id of a sweep.</summary>
    public string Code => System.IO.Path.Combine(Path, ".code");

    /// <summary>The folder of the working files of running programs.</summary>
    internal string Work(string sweep) => System.IO.Path.Combine(Folder(sweep), "work");

    internal string Snapshot(string sweep) => System.IO.Path.Combine(Folder(sweep), "snapshot");

    internal string Lock(string sweep) => System.IO.Path.Combine(Folder(sweep), "lock");

    internal string Checkpoints(string sweep, int run) =>
        System.IO.Path.Combine(Folder(sweep), "checkpoints", $"r{run:D6}");
}
