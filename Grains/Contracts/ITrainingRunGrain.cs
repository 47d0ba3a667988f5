using Orleans;
using Orleans.CodeGeneration;
using Sweeps.Core;

namespace Grains.Contracts;

/// <summary>
/// One assignment: a generation of a run, trained on a slot of the silo of the activation. The key is <c>s-SWEEP/rRUN/gGENERATION</c>, with
/// <c>/test</c> for an evaluation of the test part. A new assignment has a new grain, because the previous one may be on a silo that is frozen but not
/// yet declared dead.
/// </summary>
[Version(2), Alias("sweeps.training-run")]
public interface ITrainingRunGrain : IGrainWithStringKey
{
    /// <summary>
    /// Starts training and returns at once. Returns <see cref="ExecuteOutcome.WrongNode"/> if the grain was activated on another silo than
    /// <paramref name="node"/>.
    /// </summary>
    [ResponseTimeout("00:00:03")]
    [Alias("execute")]
    Task<ExecuteOutcome> Execute(string node, Assignment assignment, CancellationToken cancel = default);

    /// <summary>Stops training within one batch, without a report to the coordinator.</summary>
    [Alias("stop")]
    Task Stop(CancellationToken cancel = default);

    /// <summary>Returns the progress within the current epoch; null if the grain does not train.</summary>
    [Alias("progress")]
    Task<ProgressMessage?> Progress(CancellationToken cancel = default);
}

/// <summary>The answer to an assignment. The values are part of the wire format; 2 is reserved.</summary>
[GenerateSerializer, Alias("sweeps.execute-outcome")]
public enum ExecuteOutcome
{
    /// <summary>Training has started, now or by an earlier call.</summary>
    Started = 0,

    /// <summary>The grain was activated on another silo.</summary>
    WrongNode = 1,

    /// <summary>The assignment has already ended here.</summary>
    Stale = 3,
}
