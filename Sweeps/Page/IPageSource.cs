using Sweeps.Core;
using Sweeps.Log;

namespace Sweeps.Page;

/// <summary>The sweeps that a page shows: those of a folder, a store or a cluster.</summary>
public interface IPageSource
{
    /// <summary>For people: <c>the folder /data/sweeps</c>.</summary>
    string Place { get; }

    /// <summary>Whether <see cref="SteerAsync"/> can reach the sweeps' coordinators; a store is only read.</summary>
    bool CanSteer { get; }

    /// <summary>Whether <see cref="Changed"/> and the action <c>enqueue</c>, which read and write sweep files, are possible.</summary>
    bool CanEdit { get; }

    /// <summary>All sweeps' ids, newest first.</summary>
    Task<IReadOnlyList<string>> ListAsync(CancellationToken cancel);

    /// <summary>The events after <paramref name="afterSeq"/> (0 for all), in order. An unknown sweep has none.</summary>
    IAsyncEnumerable<LoggedEvent> ReadAsync(string sweep, long afterSeq, CancellationToken cancel);

    /// <summary>What works on a sweep now, or null when nothing does.</summary>
    Task<string?> WorkerAsync(string sweep, CancellationToken cancel);

    /// <summary>The weights of a run's best epoch, or null when they are not kept.</summary>
    Task<StoredCheckpoint?> BestWeightsAsync(string sweep, int run, CancellationToken cancel);

    /// <summary>Sends a request to the sweep's coordinator.</summary>
    /// <param name="sweep">The sweep.</param>
    /// <param name="request">What is asked for.</param>
    /// <param name="cancel">Cancels the call.</param>
    /// <exception cref="PageRequestException">The source is only read.</exception>
    Task<SteerReply> SteerAsync(string sweep, PageRequest request, CancellationToken cancel);

    /// <summary>The sweep file with other settings, for a replay. Null when nothing would be different.</summary>
    /// <param name="spec">The text of the file in the log.</param>
    /// <param name="changes">Key → value, as in a sweep file: <c>early_terminate</c>, <c>early_terminate.eta</c>, <c>budget.epochs</c>.</param>
    /// <exception cref="PageRequestException">The file with the changes is not valid; the message says why.</exception>
    SweepSpec Changed(string spec, IReadOnlyList<(string Key, string Value)> changes);
}

/// <summary>A request of the page to steer a sweep.</summary>
/// <param name="Action"><c>pause</c>, <c>resume</c>, <c>stop</c>, <c>cancel</c>, <c>stop-run</c>, <c>pin</c>, <c>promote</c>, <c>enqueue</c>, <c>note</c>, <c>tag</c>, <c>untag</c>.</param>
/// <param name="Run">The run, for the actions on one.</param>
/// <param name="Why">The reason, for the log; may be empty.</param>
/// <param name="Values">For <c>enqueue</c>: <c>learning_rate=0.01</c>.</param>
/// <param name="Text">The note or the tag.</param>
public sealed record PageRequest(string Action, int? Run = null, string Why = "", IReadOnlyList<string>? Values = null, string Text = "")
{
    /// <summary>The action as the machine knows it; null for <c>enqueue</c>, which needs the sweep file, and for an unknown one.</summary>
    public SteerAction? ToAction() => (Action, Run) switch
    {
        ("pause", _) => new SteerAction.Pause(),
        ("resume", _) => new SteerAction.Resume(),
        ("stop", _) => new SteerAction.Stop(),
        ("cancel", _) => new SteerAction.Cancel(),
        ("stop-run", { } run) => new SteerAction.StopRun(run),
        ("pin", { } run) => new SteerAction.PinRun(run),
        ("promote", { } run) => new SteerAction.PromoteRun(run),
        ("note", _) => new SteerAction.Annotate(Annotation.Note, Text, Run),
        ("tag", _) => new SteerAction.Annotate(Annotation.Tag, Text, Run),
        ("untag", _) => new SteerAction.Annotate(Annotation.Untag, Text, Run),
        _ => null,
    };
}

/// <summary>A request that the page's user can correct. The message is one sentence for people.</summary>
public sealed class PageRequestException(string message, Exception? inner = null) : Exception(message, inner);
