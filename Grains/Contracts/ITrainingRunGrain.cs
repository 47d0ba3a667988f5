using Orleans;
using Orleans.CodeGeneration;

namespace Grains.Contracts;

/// <summary>
/// One run under one generation, trained on the slots of the silo where it was activated. Key: <c>s-SWEEP/rRUN/gGENERATION</c>: a new
/// assignment never meets its predecessor, which may sit on a silo that is frozen but not yet believed dead.
/// </summary>
[Version(1), Alias("sweeps.training-run")]
public interface ITrainingRunGrain : IGrainWithStringKey
{
    /// <summary>
    /// Starts training and returns at once. <see cref="ExecuteOutcome.WrongNode"/> when the grain was activated on another silo than
    /// <paramref name="node"/>.
    /// </summary>
    [ResponseTimeout("00:00:03")]
    [Alias("execute")]
    Task<ExecuteOutcome> Execute(string node, AssignmentMessage assignment, CancellationToken cancel = default);

    /// <summary>The coordinator no longer wants the assignment: training ends within one batch and nothing is reported.</summary>
    [Alias("stop")]
    Task Stop(CancellationToken cancel = default);

    /// <summary>How far the epoch under way is, or null when nothing trains.</summary>
    [Alias("progress")]
    Task<ProgressMessage?> Progress(CancellationToken cancel = default);
}

/// <summary>The answer to an assignment. Written numbers: they are on the wire, and 2 was another answer.</summary>
[GenerateSerializer, Alias("sweeps.execute-outcome")]
public enum ExecuteOutcome
{
    /// <summary>The epochs have begun, or had begun already.</summary>
    Started = 0,

    /// <summary>The grain lives on another silo: the slot is offered again.</summary>
    WrongNode = 1,

    /// <summary>The run has ended here before.</summary>
    Stale = 3,
}
