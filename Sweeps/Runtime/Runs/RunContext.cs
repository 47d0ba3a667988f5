using Microsoft.Extensions.Logging;
using Sweeps.Coordination;
using Sweeps.Core;
using Sweeps.Log;
using Sweeps.Telemetry;
using Sweeps.Training;

namespace Sweeps.Runs;

/// <summary>What the runs of one sweep share on one node.</summary>
/// <param name="Node">The node's name in reports.</param>
/// <param name="Coordinator">Who is asked, and told.</param>
/// <param name="Checkpoints">Where training states go.</param>
/// <param name="Trainable">What is trained.</param>
/// <param name="Objective">What makes an epoch the best one.</param>
/// <param name="Policy">When checkpoints are written beside those at rungs and on drain.</param>
/// <param name="Time">The clock of that policy and of retries.</param>
/// <param name="Metrics">The node's instruments.</param>
/// <param name="Logger">Where troubles are told.</param>
public sealed record RunContext(
    string Node, ISweepCoordinator Coordinator, ICheckpointStore Checkpoints, ITrainable Trainable, Objective Objective,
    CheckpointPolicy Policy, TimeProvider Time, SweepMetrics Metrics, ILogger Logger)
{
    /// <summary>How long a drained run waits for its checkpoint to be written and its reports to be answered. Default: 20 seconds.</summary>
    public TimeSpan DrainLimit { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long the coordinator may take to answer before it is told again, which is harmless. Default: ten seconds.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Called when the checkpoint store has refused eight times in a row (about six seconds), so that a process with a user in front of it can stop.
    /// Default: nothing; after <see cref="StoreAttempts"/> the run is given up with the store's reason.
    /// </summary>
    public Action<Exception>? StoreFailed { get; init; }

    /// <summary>
    /// How often in a row the checkpoint store may refuse before the run fails with its reason and frees the slot. Default: 65, two minutes.
    /// </summary>
    public int StoreAttempts { get; init; } = 65;
}
