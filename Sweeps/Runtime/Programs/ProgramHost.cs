using System.Globalization;
using Sweeps.Core;
using Sweeps.Log;
using Sweeps.Programs.Python;
using Sweeps.Training;

namespace Sweeps.Programs;

/// <summary>Where and how a node runs programs.</summary>
public sealed record ProgramHost
{
    /// <summary>The folder of a sweep's runs while they are trained: one folder per assignment, deleted at its end.</summary>
    public required Func<string, string> Work { get; init; }

    /// <summary>Keeps the output of runs.</summary>
    public required IRunOutputs Outputs { get; init; }

    /// <summary>The folder of a sweep with the artifacts of its runs.</summary>
    public required Func<string, string> Artifacts { get; init; }

    /// <summary>The store to which the artifacts are copied; null when their folder is kept and all who read them reach it.</summary>
    public IArtifactStore? ArtifactStore { get; init; }

    /// <summary>The code that clients send with their sweeps; null when this node runs no such code.</summary>
    public ICodeStore? Code { get; init; }

    /// <summary>The Python modules of this product for the programs.</summary>
    public required Lazy<PythonModules> Modules { get; init; }

    /// <summary>The folders whose programs may be run; null for any program, on a machine where the user has started the sweep himself.</summary>
    public IReadOnlyList<string>? Allowed { get; init; }

    /// <summary>The number of runs that the node trains at a time.</summary>
    public int Slots { get; init; } = 1;

    /// <summary>Reads an environment variable of the node.</summary>
    public Func<string, string?> Variable { get; init; } = Environment.GetEnvironmentVariable;

    /// <summary>The name of a run's files: <c>r000017</c>.</summary>
    public static string NameOf(int run) => string.Create(CultureInfo.InvariantCulture, $"r{run:D6}");
}

/// <summary>What a session is started for, with the place where the node runs programs.</summary>
/// <param name="Configuration">The hyperparameters.</param>
/// <param name="Seed">The training seed.</param>
internal sealed record HostedRunStart(Configuration Configuration, ulong Seed) : RunStart(Configuration, Seed)
{
    /// <summary>Where this node runs programs, or null where it runs none.</summary>
    public ProgramHost? Host { get; init; }

    /// <summary>The best weights of the run that <see cref="Assignment.Source"/> names, or null without one.</summary>
    public ReadOnlyMemory<byte>? Source { get; init; }
}

internal static class RunStartExtensions
{
    extension(RunStart start)
    {
        /// <summary>Where the node runs programs, or null where it runs none. Not part of the contract that class libraries see.</summary>
        public ProgramHost? Host => (start as HostedRunStart)?.Host;

        /// <summary>The best weights of the run that this one starts from, or null.</summary>
        public ReadOnlyMemory<byte>? Source => (start as HostedRunStart)?.Source;
    }
}
