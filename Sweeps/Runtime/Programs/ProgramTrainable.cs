using Sweeps.Core;
using Sweeps.Training;

namespace Sweeps.Programs;

/// <summary>Runs a user's program for each run of a sweep.</summary>
/// <param name="spec">The program.</param>
/// <param name="time">The clock that measures epochs and limits.</param>
public sealed class ProgramTrainable(ProgramSpec spec, TimeProvider time) : ITrainable
{
    private readonly ProgramEvidence evidence = new(spec);

    /// <inheritdoc/>
    public ITrainingSession Start(Configuration configuration, ulong seed) => Start(new RunStart(configuration, seed));

    /// <inheritdoc/>
    public ITrainingSession Start(RunStart start) => new ProgramSession(spec, start, evidence, time);
}
