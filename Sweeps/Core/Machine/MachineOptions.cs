using Sweeps.Core.Search;

namespace Sweeps.Core;

/// <summary>Makes the search a sweep file asks for.</summary>
public delegate ISearch SearchMaker(SweepSpec spec);

/// <summary>How a <see cref="SweepMachine"/> behaves, beside what the sweep file says.</summary>
public sealed record MachineOptions
{
    /// <summary>A run unreported for longer is lost.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>
    /// A machine that decided nothing for longer was not listening: no lease runs out for it. More than what passes between two ticks, and with
    /// a heartbeat less than <see cref="Lease"/>.
    /// </summary>
    public TimeSpan Stall { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>A run that fails so often without a recorded epoch in between has failed for good; at least 1.</summary>
    public int MaxFailures { get; init; } = 3;

    /// <summary>How many runs at the top of the leaderboard keep their checkpoints when they are over.</summary>
    public int KeepBest { get; init; } = 10;

    /// <summary>
    /// Whether searches that fit a model are asked aside (<see cref="SweepMachine.Wanted"/>) and not in the middle of a decision, which then would
    /// take the time of the fit.
    /// </summary>
    public bool ProposeAside { get; init; }

    /// <summary>
    /// Whether a value that is not finite ends its run. Off only where schedulers are compared as published (docs/rules.md, 9).
    /// </summary>
    public bool StopDiverged { get; init; } = true;
}

/// <summary>
/// A report that no correct node sends: an epoch after a gap, a run or a generation that was never assigned. Either there is a bug, or the
/// coordinator has not read the log's tail. Nothing was decided.
/// </summary>
public sealed class RefusedReportException(string message) : Exception(message);
