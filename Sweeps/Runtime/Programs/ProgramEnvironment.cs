using System.Globalization;
using System.Text.RegularExpressions;
using Sweeps.Training;

namespace Sweeps.Programs;

/// <summary>
/// The environment of a program: a fixed list of the node's variables, those of the protocol, and those of the sweep file. Other variables of the node
/// are not passed on, because they may contain secrets such as the password of the store.
/// </summary>
internal static partial class ProgramEnvironment
{
    private static readonly string[] Allowed =
    [
        "PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LANGUAGE", "TZ", "TMPDIR", "TMP", "TEMP", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH",
        "VIRTUAL_ENV", "CONDA_PREFIX", "CONDA_DEFAULT_ENV", "PYENV_ROOT", "PYENV_VERSION", "PYTHONPATH", "PYTHONHOME", "CUDA_HOME", "CUDA_PATH",
        "HF_HOME", "TORCH_HOME", "KERAS_HOME", "KERAS_BACKEND", "MPLCONFIGDIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "SWEEP_DATA",
        "SSL_CERT_FILE", "SSL_CERT_DIR", "DOTNET_ROOT", "JULIA_DEPOT_PATH", "R_LIBS_USER",
        "SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "COMSPEC", "PATHEXT", "USERPROFILE", "APPDATA", "LOCALAPPDATA", "PROGRAMFILES", "PROGRAMDATA",
    ];

    /// <summary>The variables by which the processes of a run are recognised.</summary>
    public static IReadOnlyList<string> Marks(RunStart start) =>
        [$"SWEEP={start.Sweep}", Line("SWEEP_RUN", start.Run), Line("SWEEP_GENERATION", start.Generation)];

    /// <summary>The whole environment: <c>NAME=value</c>.</summary>
    /// <param name="spec">The program.</param>
    /// <param name="start">The run.</param>
    /// <param name="host">The node.</param>
    /// <param name="folders">The paths of the run.</param>
    /// <param name="folder">The working folder of the program.</param>
    /// <param name="done">The last epoch in the checkpoint.</param>
    /// <param name="until">The epoch to train to; null if the program decides when it ends.</param>
    public static IReadOnlyList<string> Of(ProgramSpec spec, RunStart start, ProgramHost host, RunFolders folders, string folder, int done, int? until)
    {
        var variables = Inherited(host.Variable);
        variables["TERM"] = "dumb";
        variables["PYTHONUNBUFFERED"] = "1";
        var cores = Number((int)Math.Max(1, Math.Round(spec.Resources.Cpus ?? (double)Environment.ProcessorCount / host.Slots)));
        foreach (var name in (string[])["OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMEXPR_NUM_THREADS"])
            variables[name] = cores;
        // With resources in the sweep file a program sees only the GPUs that were allocated to it; without, all GPUs of the node.
        if (spec.Resources != new ResourceRequest())
        {
            variables["CUDA_DEVICE_ORDER"] = "PCI_BUS_ID";
            variables["CUDA_VISIBLE_DEVICES"] = string.Join(',', start.Devices);
        }
        else if (host.Variable("CUDA_VISIBLE_DEVICES") is { } visible)
        {
            variables["CUDA_VISIBLE_DEVICES"] = visible;
        }
        foreach (var (name, given) in spec.Environment)
            if ((given ?? host.Variable(name)) is { } value)
                variables[name] = value;
        var modules = host.Modules.Value;
        var wandb = UsesWandb(spec, folder);
        string[] paths = [modules.Reports, .. wandb ? [modules.Wandb] : Array.Empty<string>(), .. variables.TryGetValue("PYTHONPATH", out var own) ? [own] : Array.Empty<string>()];
        variables["PYTHONPATH"] = string.Join(Path.PathSeparator, paths);
        if (wandb)
        {
            // W&B's agent sets these too. A script removes them for child processes that start their own runs, such as one per fold.
            variables["WANDB_SWEEP_ID"] = start.Sweep;
            variables["WANDB_RUN_ID"] = $"run-{Number(start.Run)}";
        }
        variables["SWEEP"] = start.Sweep;
        variables["SWEEP_RUN"] = Number(start.Run);
        variables["SWEEP_GENERATION"] = Number(start.Generation);
        // 31 bits, because libraries such as NumPy accept only seeds of 32 bits.
        variables["SWEEP_SEED"] = Number((int)(start.Seed & int.MaxValue));
        variables["SWEEP_CONFIG"] = folders.Configuration;
        variables["SWEEP_EPOCH"] = Number(done);
        if (until is { } epochs)
            variables["SWEEP_UNTIL"] = Number(epochs);
        variables["SWEEP_CHECKPOINT"] = folders.Checkpoint;
        variables["SWEEP_OUT"] = folders.Artifacts;
        variables["SWEEP_REPORT"] = folders.Reports;
        // On Windows no program can ask for a verdict; verdicts are applied by ending its processes.
        if (!OperatingSystem.IsWindows())
            variables["SWEEP_VERDICTS"] = folders.Verdicts;
        variables["SWEEP_METRIC"] = start.Objective;
        variables["SWEEP_STOP_GRACE"] = spec.StopGrace.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture);
        variables["SWEEP_NODE_PROCESS"] = Supervisor;
        return [.. variables.Select(variable => $"{variable.Key}={variable.Value}")];
    }

    /// <summary>The id and start time of this process, by which <see cref="OrphanedPrograms"/> finds programs whose node process has ended.</summary>
    public static string Supervisor { get; } =
        string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId}-{ProcessTable.StartedAt(Environment.ProcessId) ?? 0}");

    /// <summary>Whether the program gets this product's module <c>wandb</c>: as the sweep file says, else if the program's file imports wandb.</summary>
    private static bool UsesWandb(ProgramSpec spec, string folder)
    {
        if (spec.Wandb is { } said)
            return said;
        try
        {
            return spec.SourceIn(folder) is { } source && Path.GetExtension(source) is ".py" or ".ipynb" && WandbImport().IsMatch(File.ReadAllText(source));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    [GeneratedRegex(@"\b(import|from)\s+wandb\b|,\s*wandb\b")]
    private static partial Regex WandbImport();

    /// <summary>Returns the variables of the node that are passed on to programs.</summary>
    /// <param name="variable">Reads an environment variable of the node.</param>
    public static Dictionary<string, string> Inherited(Func<string, string?> variable)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in Allowed)
            if (variable(name) is { Length: > 0 } value)
                variables[name] = value;
        foreach (System.Collections.DictionaryEntry entry in Environment.GetEnvironmentVariables())
            if (entry is { Key: string name, Value: string value } && name.StartsWith("LC_", StringComparison.Ordinal))
                variables[name] = value;
        return variables;
    }

    private static string Line(string name, int value) => $"{name}={Number(value)}";

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>The paths of one assignment of a run.</summary>
/// <param name="Root">The folder of the other paths; deleted at the end of the assignment.</param>
/// <param name="Artifacts">The folder <c>SWEEP_OUT</c>, which is kept.</param>
internal sealed record RunFolders(string Root, string Artifacts)
{
    /// <summary>The file with the configuration as JSON.</summary>
    public string Configuration => Path.Combine(Root, "config.json");

    /// <summary>The folder of the program's state.</summary>
    public string Checkpoint => Path.Combine(Root, "checkpoint");

    /// <summary>The file with the copy of <see cref="Checkpoint"/>.</summary>
    public string Copy => Path.Combine(Root, "checkpoint.tar");

    /// <summary>The folder of the unpacked code that the client sent.</summary>
    public string Code => Path.Combine(Root, "code");

    /// <summary>The named pipe to which the program writes reports.</summary>
    public string Reports => Path.Combine(Root, "report");

    /// <summary>The named pipe from which the program reads verdicts.</summary>
    public string Verdicts => Path.Combine(Root, "verdicts");
}
