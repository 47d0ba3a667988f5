using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Sweeps.Core;
using Sweeps.Core.Search;
using Sweeps.Files;
using Sweeps.Log.Folder;
using Sweeps.Nodes;
using Sweeps.Telemetry;
using Sweeps.Training;

namespace Sweeps.Embedded;

/// <summary>What a sweep in this process needs.</summary>
public sealed record EmbeddedOptions
{
    /// <summary>Where the sweep's folder is.</summary>
    public required SweepHome Home { get; init; }

    /// <summary>Parses sweep files. Default: <see cref="SweepFile.Stored"/>.</summary>
    public SpecReader ReadSpec { get; init; } = SweepFile.Stored;

    /// <summary>Makes the search. Default: <see cref="SearchFactory.Create"/>.</summary>
    public SearchMaker MakeSearch { get; init; } = SearchFactory.Create;

    /// <summary>Makes what is trained; loads the data set. What it throws comes out of <see cref="EmbeddedSweep.RunAsync"/> before anything runs.</summary>
    public required Func<SweepSpec, ITrainable> MakeTrainable { get; init; }

    /// <summary>How many runs train at a time, at least 1. Default: one per core.</summary>
    public int Slots { get; init; } = SlotPool.AllCores;

    /// <summary>How the machine behaves.</summary>
    public MachineOptions Machine { get; init; } = new();

    /// <summary>The name of this process in the log.</summary>
    public string Node { get; init; } = $"{Environment.MachineName}-{Environment.ProcessId}";

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The process's instruments.</summary>
    public required SweepMetrics Metrics { get; init; }

    /// <summary>Where troubles are told.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;
}
