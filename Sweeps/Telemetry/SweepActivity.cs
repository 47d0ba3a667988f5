using System.Diagnostics;

namespace Sweeps.Telemetry;

/// <summary>Spans of what takes time: an epoch, a checkpoint, an append. They cost nothing until somebody listens.</summary>
public static class SweepActivity
{
    /// <summary>The source's name.</summary>
    public const string SourceName = "Sweeps";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>Begins a span of one run's assignment.</summary>
    public static Activity? Run(string name, string sweep, int run, int generation, int epoch) => Source.StartActivity(name)
        ?.SetTag("sweep", sweep).SetTag("run", run).SetTag("generation", generation).SetTag("epoch", epoch);

    /// <summary>Begins the span of an append to a sweep's log.</summary>
    public static Activity? Append(string sweep, int events) =>
        Source.StartActivity("append", ActivityKind.Client)?.SetTag("sweep", sweep).SetTag("events", events);
}
