using System.Globalization;
using Sweeps.Core;
using Sweeps.Log;
using Sweeps.Programs.Python;
using Sweeps.Training;

namespace Sweeps.Programs;

/// <summary>The settings with which a node runs programs.</summary>
public sealed record ProgramHost
{
    /// <summary>Returns the folder of a sweep's working files. It has one folder per assignment, which is deleted at the assignment's end.</summary>
    public required Func<string, string> Work { get; init; }

    /// <summary>The store of the output of runs.</summary>
    public required IRunOutputs Outputs { get; init; }

    /// <summary>Returns the folder of a sweep with the artifacts of its runs.</summary>
    public required Func<string, string> Artifacts { get; init; }

    /// <summary>The store to which the artifacts are copied; null if their folder is kept and its readers can access it.</summary>
    public IArtifactStore? ArtifactStore { get; init; }

    /// <summary>The store of the code that clients send with their sweeps; null if this node runs no such code.</summary>
    public ICodeReader? Code { get; init; }

    /// <summary>The Python modules of this product for the programs.</summary>
    public required Lazy<PythonModules> Modules { get; init; }

    /// <summary>The folders whose programs may be run; null to allow any program, for a sweep that the user runs on this machine.</summary>
    public IReadOnlyList<string>? Allowed { get; init; }

    /// <summary>The number of runs that the node trains at the same time. Default: 1.</summary>
    public int Slots { get; init; } = 1;

    /// <summary>Reads an environment variable of the node. Default: from this process.</summary>
    public Func<string, string?> Variable { get; init; } = Environment.GetEnvironmentVariable;

    /// <summary>The name of a run's files: <c>r000017</c>.</summary>
    public static string NameOf(int run) => string.Create(CultureInfo.InvariantCulture, $"r{run:D6}");
}

/// <summary>A run start with the values that are not part of the contract for class libraries.</summary>
/// <param name="Configuration">The hyperparameters.</param>
/// <param name="Seed">The training seed.</param>
internal sealed record HostedRunStart(Configuration Configuration, ulong Seed) : RunStart(Configuration, Seed)
{
    /// <summary>The settings with which this node runs programs; null if it runs none.</summary>
    public ProgramHost? Host { get; init; }

    /// <summary>The best weights of the run that <see cref="Assignment.Source"/> names; null if it names none.</summary>
    public ReadOnlyMemory<byte>? Source { get; init; }
}

internal static class RunStartExtensions
{
    extension(RunStart start)
    {
        /// <summary>The settings with which the node runs programs; null if it runs none.</summary>
        public ProgramHost? Host => (start as HostedRunStart)?.Host;

        /// <summary>The best weights of the run from which this run starts, or null.</summary>
        public ReadOnlyMemory<byte>? Source => (start as HostedRunStart)?.Source;
    }
}
