using Sweeps.Core.Search;

namespace Sweeps.Core;

/// <summary>Creates the search of a sweep file.</summary>
public delegate ISearch SearchMaker(SweepSpec spec);

/// <summary>Limits of a <see cref="SweepMachine"/> that are not part of the sweep file.</summary>
public sealed record MachineOptions
{
    /// <summary>A run unreported for longer is lost.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>
    /// If a machine decided nothing for longer, its process or its log stood still and could not receive heartbeats: all leases are renewed.
    /// More than the time between two ticks; the sum with a heartbeat interval is less than <see cref="Lease"/>.
    /// </summary>
    public TimeSpan Stall { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>A run that fails this many times without a recorded epoch in between has failed permanently; at least 1.</summary>
    public int MaxFailures { get; init; } = 3;

    /// <summary>How many runs at the top of the leaderboard keep their checkpoints after their end.</summary>
    public int KeepBest { get; init; } = 10;

    /// <summary>
    /// Whether the caller makes proposals of searches that fit a model (<see cref="SweepMachine.Wanted"/>), so that no decision takes the time
    /// of a fit.
    /// </summary>
    public bool ProposeAside { get; init; }

    /// <summary>
    /// Whether a value that is not finite ends its run. Off only where schedulers are compared as published (docs/rules.md, 9).
    /// </summary>
    public bool StopDiverged { get; init; } = true;
}
