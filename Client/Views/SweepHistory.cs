using Client.Local;
using Sweeps.Core;
using Sweeps.Core.Space;

namespace Client.Views;

/// <summary>
/// A sweep computed from its events: its state, and data that only the client needs (names of runs, steering actions, versions of the sweep
/// file). Not thread-safe.
/// </summary>
/// <param name="read">Parses the text of a sweep file.</param>
public sealed class SweepHistory(SpecReader read)
{
    private static readonly IReadOnlyDictionary<string, double> None = new Dictionary<string, double>();

    private const int WholeSweep = -1;

    private readonly List<LoggedEvent> steering = [];
    private readonly List<LoggedEvent> notes = [];
    private readonly Dictionary<int, SortedSet<string>> tags = [];
    private readonly List<SweepFileVersion> files = [];
    private readonly List<(int FirstRun, RunNames Names)> names = [];

    public SweepState State { get; } = new(read);

    public string Sweep => State.Sweep;

    /// <summary>The current sweep file.</summary>
    public SweepSpec Spec => State.Spec;

    /// <summary>The parameters that vary under the current sweep file, in the order of a grid.</summary>
    public IReadOnlyList<string> Varying { get; private set; } = [];

    /// <summary>The <see cref="SweepSteered"/> events that changed the sweep's work, in order.</summary>
    public IReadOnlyList<LoggedEvent> Steering => steering;

    /// <summary>The display name of the sweep: the last one given by <c>rename</c>, or that in its file.</summary>
    public string Name { get; private set; } = "";

    /// <summary>The tags of the sweep (<c>null</c>) or of a run, sorted.</summary>
    public IReadOnlyCollection<string> TagsOf(int? run) => tags.TryGetValue(run ?? WholeSweep, out var of) ? of : [];

    /// <summary>The notes on the sweep and its runs, in order: <see cref="SweepSteered"/> events with a <see cref="SteerAction.Annotate"/>.</summary>
    public IReadOnlyList<LoggedEvent> Notes => notes;

    /// <summary>The number of runs in each state; runs whose training was interrupted count as queued.</summary>
    public RunCounts Counts => new(
        State.Runs.Count, InterruptedSince is null ? State.Count(RunState.Running) : 0,
        State.Count(RunState.Queued) + (InterruptedSince is null ? 0 : State.Count(RunState.Running)), State.Count(RunState.Paused), State.Count(RunState.Stopped),
        State.Count(RunState.Finished), State.Count(RunState.Diverged), State.Count(RunState.Failed));

    /// <summary>The current worker of the sweep, from <see cref="Sources.ISweepSource.WorkerAsync"/>; null when there is none.</summary>
    public string? Worker { get; set; }

    /// <summary>
    /// The time of the last event if the sweep is interrupted: it has neither ended nor been paused, but has no worker (after Ctrl-C or a
    /// crash, or without nodes). Null otherwise.
    /// </summary>
    public DateTimeOffset? InterruptedSince => Worker is null && State.Status is SweepStatus.Running or SweepStatus.Stopping ? State.At : null;

    /// <summary>The <see cref="SweepSteered"/> event that paused the sweep or is stopping it; null when it is neither paused nor stopping.</summary>
    public LoggedEvent? Held => State.Status is SweepStatus.Paused or SweepStatus.Stopping
        ? steering.FindLast(logged => ((SweepSteered)logged.Event).Action is SteerAction.Pause or SteerAction.Stop)
        : null;

    /// <summary>The state as one word: <c>running</c>, <c>paused</c>, <c>stopping</c>, <c>interrupted</c>, or its outcome.</summary>
    public string StatusName =>
        InterruptedSince is null ? (State.Outcome?.ToString() ?? State.Status.ToString()).ToLowerInvariant() : "interrupted";

    /// <summary>The time during which runs were assigned, up to <paramref name="now"/> if runs train, else up to the last event.</summary>
    public TimeSpan BusyAt(DateTimeOffset now) =>
        State.Busy + (Worker is not null && State.RunningRuns.Count > 0 && now > State.At ? now - State.At : TimeSpan.Zero);

    /// <summary>Whether a confirmation or an audit is active; if it was interrupted, a resume continues it.</summary>
    public bool InReview => State.Confirmation is { Active: true } || State.Audit is { Active: true };

    /// <summary>Adds the next event. An event that was already added is ignored.</summary>
    public void Add(LoggedEvent logged)
    {
        if (logged.Seq <= State.Seq)
            return;
        State.Apply(logged);
        switch (logged.Event)
        {
            case SweepCreated created:
                AddFile(logged.At, created.By, "", created.Spec);
                Name = Spec.Name;
                break;
            case SweepSteered { Action: SteerAction.Annotate annotate }:
                Annotate(logged, annotate);
                break;
            case SweepSteered steered:
                steering.Add(logged);
                if (steered.Action is SteerAction.Change change)
                    AddFile(logged.At, steered.By, steered.Why, change.Spec);
                break;
        }
    }

    /// <summary>The versions of the sweep file, in order; the last one is current.</summary>
    public IReadOnlyList<SweepFileVersion> Files => files;

    /// <summary>A run's readable name. It depends on the sweep file under which the run was created, so that an extension does not rename it.</summary>
    public string NameOf(SweepRun run) => names.FindLast(era => era.FirstRun <= run.Number).Names.Of(run.Number, run.Configuration);

    /// <summary>A run's best value as reported, or null before the first finite one.</summary>
    public double? BestOf(SweepRun run) => run.BestEpoch > 0 ? Spec.Objective.Orient(run.Best) : null;

    /// <summary>A run's values as reported, epoch 1 first; NaN for values that are not finite.</summary>
    public IReadOnlyList<double> CurveOf(SweepRun run)
    {
        var curve = run.Curve.ToArray();
        for (var i = 0; i < curve.Length; i++)
            curve[i] = double.IsFinite(curve[i]) ? Spec.Objective.Orient(curve[i]) : double.NaN;
        return curve;
    }

    /// <summary>
    /// The metrics of a run's best epoch, sorted by name. Includes the metrics on the test part if the weights of this epoch have been
    /// evaluated.
    /// </summary>
    public static IReadOnlyList<KeyValuePair<string, double>> MetricsOf(SweepRun run) =>
        [.. (run.Metrics ?? None).Concat(run.TestEpoch == run.BestEpoch ? run.Test ?? None : None).DistinctBy(metric => metric.Key).OrderBy(metric => metric.Key, StringComparer.Ordinal)];

    /// <summary>
    /// A run's metric on the test part that corresponds to the objective, otherwise the accuracy, RMSE or loss; null while the weights of
    /// its best epoch have not been evaluated.
    /// </summary>
    public (string Name, double Value)? TestOf(SweepRun run)
    {
        if (run.TestEpoch != run.BestEpoch || run.Test is not { } test)
            return null;
        var own = $"test_{Spec.Objective.Name[(Spec.Objective.Name.IndexOf('_', StringComparison.Ordinal) + 1)..]}";
        foreach (var name in (string[])[own, "test_accuracy", "test_rmse", "test_loss"])
            if (test.TryGetValue(name, out var value))
                return (name, value);
        return null;
    }

    /// <summary>A run's state; a run whose training was interrupted is queued.</summary>
    public RunState StateOf(SweepRun run) => run.State == RunState.Running && InterruptedSince is not null ? RunState.Queued : run.State;

    /// <summary>The view of a run for a table.</summary>
    public RunView ViewOf(SweepRun run) =>
        new(run.Number, NameOf(run), StateOf(run), run.Epoch, Spec.OpenEnded ? Math.Max(1, run.Epoch) : run.MaxEpochs, BestOf(run), run.BestEpoch, run.Configuration) { Test = TestOf(run) };

    /// <summary>A run by number. Throws <see cref="UsageException"/> when there is none.</summary>
    public SweepRun Run(int number) => number >= 0 && number < State.Runs.Count ? State.Runs[number] : throw new UsageException(
        State.Runs.Count == 0 ? $"Sweep {Sweep} has no runs yet." : $"Sweep {Sweep} has no run {number}: its runs are 0 … {State.Runs.Count - 1}.");

    private void Annotate(LoggedEvent logged, SteerAction.Annotate annotate)
    {
        if (!tags.TryGetValue(annotate.Run ?? WholeSweep, out var of))
            tags.Add(annotate.Run ?? WholeSweep, of = new SortedSet<string>(StringComparer.Ordinal));
        switch (annotate.What)
        {
            case Annotation.Name:
                Name = annotate.Text;
                break;
            case Annotation.Note:
                notes.Add(logged);
                break;
            case Annotation.Tag:
                of.Add(annotate.Text);
                break;
            case Annotation.Untag:
                of.Remove(annotate.Text);
                break;
        }
    }

    private void AddFile(DateTimeOffset at, string by, string why, string text)
    {
        files.Add(new SweepFileVersion(at, by, why, text));
        names.Add((State.Runs.Count, new RunNames(Spec.Space)));
        Varying = RunFields.Varying(Spec.Space);
    }
}

/// <summary>A version of a sweep's file: the original or one set by an extension.</summary>
/// <param name="At">The time at which it became current.</param>
/// <param name="By">The user who created or extended the sweep.</param>
/// <param name="Why">The user's reason, may be empty.</param>
/// <param name="Text">The file.</param>
public sealed record SweepFileVersion(DateTimeOffset At, string By, string Why, string Text)
{
    /// <summary>The keys that differ from an earlier version, with both values; null where a version lacks the key.</summary>
    public IReadOnlyList<(string Key, string? Before, string? After)> Since(SweepFileVersion earlier)
    {
        var (before, after) = (SweepFileEdit.Values(earlier.Text), SweepFileEdit.Values(Text));
        return
        [
            .. after.Where(pair => before.GetValueOrDefault(pair.Key) != pair.Value).Select(pair => (pair.Key, before.GetValueOrDefault(pair.Key), (string?)pair.Value)),
            .. before.Where(pair => !after.ContainsKey(pair.Key)).Select(pair => (pair.Key, (string?)pair.Value, (string?)null)),
        ];
    }
}
