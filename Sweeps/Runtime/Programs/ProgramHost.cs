using System.Globalization;
using Sweeps.Programs.Python;

namespace Sweeps.Programs;

/// <summary>Where and how a node runs programs.</summary>
public sealed record ProgramHost
{
    /// <summary>The folder of a sweep's runs while they are trained: one folder per assignment, deleted at its end.</summary>
    public required Func<string, string> Work { get; init; }

    /// <summary>The folder of a sweep with the output of its runs, which is kept.</summary>
    public required Func<string, string> Logs { get; init; }

    /// <summary>The folder of a sweep with the artifacts of its runs, which is kept.</summary>
    public required Func<string, string> Artifacts { get; init; }

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
