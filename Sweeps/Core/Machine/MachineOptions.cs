using Sweeps.Core.Search;

namespace Sweeps.Core;

/// <summary>Creates the search of a sweep file.</summary>
public delegate ISearch SearchMaker(SweepSpec spec);

/// <summary>Limits of a <see cref="SweepMachine"/> that are not part of the sweep file.</summary>
public sealed record MachineOptions
{
    /// <summary>The time without a report or heartbeat after which a run is lost. Default: 4 s.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>
    /// The time without any decision after which all leases are renewed: the process or its log was suspended and could not receive
    /// heartbeats. Must exceed the interval of ticks; its sum with a heartbeat interval must be less than <see cref="Lease"/>. Default: 2
    /// s.
    /// </summary>
    public TimeSpan Stall { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// The number of failures without a recorded epoch in between after which a run has failed permanently; at least 1. Default: 3.
    /// </summary>
    public int MaxFailures { get; init; } = 3;

    /// <summary>The number of best runs that keep their checkpoints after their end. Default: 10.</summary>
    public int KeepBest { get; init; } = 10;

    /// <summary>
    /// Whether the caller computes proposals of searches that fit a model outside of decisions (<see cref="SweepMachine.Wanted"/>), so that
    /// no decision waits for a fit.
    /// </summary>
    public bool ProposeAside { get; init; }

    /// <summary>
    /// Whether a value that is not finite ends its run. False only to compare schedulers as published (docs/rules.md, 9).
    /// </summary>
    public bool StopDiverged { get; init; } = true;
}
