using System.Diagnostics;

namespace Sweeps.Telemetry;

/// <summary>Starts tracing spans: an assignment with its epochs and checkpoints, and an append. Returns null if no listener samples the span.</summary>
public static class SweepActivity
{
    /// <summary>The name of the <see cref="ActivitySource"/>.</summary>
    public const string SourceName = "Sweeps";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>
    /// Starts the span of an assignment, the parent of its epochs and checkpoints. Its name is <c>assignment</c>, or <c>test</c> for an evaluation of the
    /// test part.
    /// </summary>
    public static Activity? Assignment(string sweep, int run, int generation, bool test) => Source.StartActivity(test ? "test" : "assignment")
        ?.SetTag("sweep", sweep).SetTag("run", run).SetTag("generation", generation);

    /// <summary>Starts the span of an epoch within its assignment.</summary>
    public static Activity? Epoch(string sweep, int run, int generation, int epoch) => Step("epoch", sweep, run, generation, epoch);

    /// <summary>Starts the span of a checkpoint write within its assignment.</summary>
    public static Activity? Checkpoint(string sweep, int run, int generation, int epoch) => Step("checkpoint", sweep, run, generation, epoch);

    /// <summary>Starts the span of an append to a sweep's log. It has no parent, because it contains the events of many commands.</summary>
    public static Activity? Append(string sweep, int events) =>
        Source.StartActivity("append", ActivityKind.Client)?.SetTag("sweep", sweep).SetTag("events", events);

    private static Activity? Step(string name, string sweep, int run, int generation, int epoch) => Source.StartActivity(name)
        ?.SetTag("sweep", sweep).SetTag("run", run).SetTag("generation", generation).SetTag("epoch", epoch);
}
