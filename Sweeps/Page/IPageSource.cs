using Sweeps.Core;
using Sweeps.Log;

namespace Sweeps.Page;

/// <summary>The sweeps that a page shows: those of a folder, a store or a cluster.</summary>
public interface IPageSource
{
    /// <summary>The place of the sweeps as text for the user: <c>the folder /data/sweeps</c>.</summary>
    string Place { get; }

    /// <summary>Whether <see cref="SteerAsync"/> can reach the sweeps' coordinators; a store is read-only.</summary>
    bool CanSteer { get; }

    /// <summary>
    /// Whether the source supports <see cref="Changed"/> and the action <c>enqueue</c>, which read and write sweep files.
    /// </summary>
    bool CanEdit { get; }

    /// <summary>The ids of all sweeps, newest first.</summary>
    Task<IReadOnlyList<string>> ListAsync(CancellationToken cancel);

    /// <summary>The events after <paramref name="afterSeq"/> (0 for all), in order. An unknown sweep has none.</summary>
    IAsyncEnumerable<LoggedEvent> ReadAsync(string sweep, long afterSeq, CancellationToken cancel);

    /// <summary>A text that names the process or silo that runs the sweep now; null if none does.</summary>
    Task<string?> WorkerAsync(string sweep, CancellationToken cancel);

    /// <summary>The weights of a run's best epoch; null if the source does not have them.</summary>
    Task<StoredCheckpoint?> BestWeightsAsync(string sweep, int run, CancellationToken cancel);

    /// <summary>Sends a request to the sweep's coordinator.</summary>
    /// <param name="sweep">The sweep.</param>
    /// <param name="request">The action and its arguments.</param>
    /// <param name="cancel">Cancels the call.</param>
    /// <exception cref="PageRequestException">The source is read-only, or the request is not valid.</exception>
    Task<SteerReply> SteerAsync(string sweep, PageRequest request, CancellationToken cancel);

    /// <summary>Reads the sweep file with other settings, for a replay. The file itself is not changed.</summary>
    /// <param name="spec">The text of the sweep file in the log.</param>
    /// <param name="changes">Key → value, as in a sweep file: <c>early_terminate</c>, <c>early_terminate.eta</c>, <c>budget.epochs</c>.</param>
    /// <exception cref="PageRequestException">The file with the changes is not valid; the message says why.</exception>
    SweepSpec Changed(string spec, IReadOnlyList<(string Key, string Value)> changes);
}

/// <summary>A request from the page to steer a sweep.</summary>
/// <param name="Action"><c>pause</c>, <c>resume</c>, <c>stop</c>, <c>cancel</c>, <c>stop-run</c>, <c>pin</c>, <c>promote</c>, <c>enqueue</c>, <c>note</c>, <c>tag</c>, <c>untag</c>.</param>
/// <param name="Run">The run, for actions on one run; else null.</param>
/// <param name="Why">The reason, for the log; may be empty.</param>
/// <param name="Values">For <c>enqueue</c>: <c>learning_rate=0.01</c>.</param>
/// <param name="Text">The note or the tag.</param>
public sealed record PageRequest(string Action, int? Run = null, string Why = "", IReadOnlyList<string>? Values = null, string Text = "")
{
    /// <summary>
    /// The <see cref="SteerAction"/> of the request; null for <c>enqueue</c>, which needs the sweep file, for an unknown action, and for an
    /// action on a run without <see cref="Run"/>.
    /// </summary>
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

/// <summary>A request that the page's user can correct. The page shows the message to the user.</summary>
public sealed class PageRequestException(string message, Exception? inner = null) : Exception(message, inner);
