using System.Diagnostics;

namespace Sweeps.Telemetry;

/// <summary>Spans of what takes time: an assignment with its epochs and checkpoints, an append. They cost nothing until somebody listens.</summary>
public static class SweepActivity
{
    /// <summary>The source's name.</summary>
    public const string SourceName = "Sweeps";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>Begins the span of an assignment, the parent of its epochs and checkpoints; an evaluation on the test part has a name of its own.</summary>
    public static Activity? Assignment(string sweep, int run, int generation, bool test) => Source.StartActivity(test ? "test" : "assignment")
        ?.SetTag("sweep", sweep).SetTag("run", run).SetTag("generation", generation);

    /// <summary>Begins the span of an epoch, within its assignment.</summary>
    public static Activity? Epoch(string sweep, int run, int generation, int epoch) => Step("epoch", sweep, run, generation, epoch);

    /// <summary>Begins the span of writing a checkpoint, within its assignment.</summary>
    public static Activity? Checkpoint(string sweep, int run, int generation, int epoch) => Step("checkpoint", sweep, run, generation, epoch);

    /// <summary>Begins the span of an append to a sweep's log. It serves many senders, so it is nobody's child.</summary>
    public static Activity? Append(string sweep, int events) =>
        Source.StartActivity("append", ActivityKind.Client)?.SetTag("sweep", sweep).SetTag("events", events);

    private static Activity? Step(string name, string sweep, int run, int generation, int epoch) => Source.StartActivity(name)
        ?.SetTag("sweep", sweep).SetTag("run", run).SetTag("generation", generation).SetTag("epoch", epoch);
}
