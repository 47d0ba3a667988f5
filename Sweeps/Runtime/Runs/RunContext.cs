using Microsoft.Extensions.Logging;
using Sweeps.Coordination;
using Sweeps.Core;
using Sweeps.Log;
using Sweeps.Programs;
using Sweeps.Telemetry;
using Sweeps.Training;

namespace Sweeps.Runs;

/// <summary>The services and settings that the runs of one sweep share on one node.</summary>
/// <param name="Node">The node's name in reports.</param>
/// <param name="Coordinator">Receives the reports.</param>
/// <param name="Checkpoints">Stores the training states.</param>
/// <param name="Trainable">Creates the training sessions.</param>
/// <param name="Objective">Determines the best epoch.</param>
/// <param name="Policy">Determines when checkpoints are written in addition to those at rungs and on drain.</param>
/// <param name="Time">The clock of the policy and of retries.</param>
/// <param name="Metrics">The instruments of the node.</param>
/// <param name="Logger">Receives failures.</param>
public sealed record RunContext(
    string Node, ISweepCoordinator Coordinator, ICheckpointStore Checkpoints, ITrainable Trainable, Objective Objective,
    CheckpointPolicy Policy, TimeProvider Time, SweepMetrics Metrics, ILogger Logger)
{
    /// <summary>How long a drained run waits until its checkpoint is written and its reports are answered. Default: 20 seconds.</summary>
    public TimeSpan DrainLimit { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long to wait for an answer of the coordinator before a command is repeated. Default: ten seconds.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Called when the checkpoint store has failed eight times in a row (about six seconds), so that an interactive process can stop. Default:
    /// null; the run fails after <see cref="StoreAttempts"/>.
    /// </summary>
    public Action<Exception>? StoreFailed { get; init; }

    /// <summary>The settings with which this node runs programs. Default: null, it runs none.</summary>
    public ProgramHost? Programs { get; init; }

    /// <summary>
    /// The number of failures of the checkpoint store in a row after which the run fails and frees its slot. Default: 65, which takes two minutes.
    /// </summary>
    public int StoreAttempts { get; init; } = 65;
}
