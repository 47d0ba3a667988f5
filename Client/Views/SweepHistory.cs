using Sweeps.Core;
using Sweeps.Core.Space;

namespace Client.Views;

/// <summary>
/// A sweep as its log tells it: the state, and what only people look at. Whoever can read events, from a folder, a database or a cluster,
/// folds them into one of these. Not thread-safe.
/// </summary>
/// <param name="read">Reads the text of a sweep file.</param>
public sealed class SweepHistory(SpecReader read)
{
    private static readonly IReadOnlyDictionary<string, double> None = new Dictionary<string, double>();

    private readonly List<LoggedEvent> steering = [];
    private readonly List<SweepFileVersion> files = [];
    private readonly List<(int FirstRun, RunNames Names)> names = [];

    /// <summary>What the log says, folded.</summary>
    public SweepState State { get; } = new(read);

    /// <summary>The sweep's id.</summary>
    public string Sweep => State.Sweep;

    /// <summary>What its sweep file says now.</summary>
    public SweepSpec Spec => State.Spec;

    /// <summary>What persons have done to it, in order: events that are <see cref="SweepSteered"/>.</summary>
    public IReadOnlyList<LoggedEvent> Steering => steering;

    /// <summary>How many runs stand where; those that an interruption took off their slots are queued.</summary>
    public RunCounts Counts => new(
        State.Runs.Count, InterruptedSince is null ? State.Count(RunState.Running) : 0,
        State.Count(RunState.Queued) + (InterruptedSince is null ? 0 : State.Count(RunState.Running)), State.Count(RunState.Paused), State.Count(RunState.Stopped),
        State.Count(RunState.Finished), State.Count(RunState.Diverged), State.Count(RunState.Failed));

    /// <summary>Who works on it (<see cref="Sources.ISweepSource.WorkerAsync"/>); null when no one does. Set by whoever reads the source.</summary>
    public string? Worker { get; set; }

    /// <summary>
    /// The time of the last event of a sweep that no one works on, though it is neither over nor paused: Ctrl-C, a crash, no nodes. Null otherwise.
    /// </summary>
    public DateTimeOffset? InterruptedSince => Worker is null && State.Status is SweepStatus.Running or SweepStatus.Stopping ? State.At : null;

    /// <summary>The <see cref="SweepSteered"/> event by which a person paused the sweep, or is stopping it; null when neither holds.</summary>
    public LoggedEvent? Held => State.Status is SweepStatus.Paused or SweepStatus.Stopping
        ? steering.FindLast(logged => ((SweepSteered)logged.Event).Action is SteerAction.Pause or SteerAction.Stop)
        : null;

    /// <summary>One word for how the sweep is: <c>running</c>, <c>paused</c>, <c>stopping</c>, <c>interrupted</c>, or how it ended.</summary>
    public string InAWord =>
        InterruptedSince is null ? (State.Outcome?.ToString() ?? State.Status.ToString()).ToLowerInvariant() : "interrupted";

    /// <summary>Takes in the next event. One that is already in is passed over.</summary>
    public void Add(LoggedEvent logged)
    {
        if (logged.Seq <= State.Seq)
            return;
        State.Apply(logged);
        switch (logged.Event)
        {
            case SweepCreated created:
                Keep(logged.At, created.By, "", created.Spec);
                break;
            case SweepSteered steered:
                steering.Add(logged);
                if (steered.Action is SteerAction.Change change)
                    Keep(logged.At, steered.By, steered.Why, change.Spec);
                break;
        }
    }

    /// <summary>The sweep files the sweep has had, in order; the last one holds.</summary>
    public IReadOnlyList<SweepFileVersion> Files => files;

    /// <summary>A run's readable name: chosen from the parameters of the file under which it was created, whatever came after.</summary>
    public string NameOf(SweepRun run) => names.FindLast(era => era.FirstRun <= run.Number).Names.Of(run.Number, run.Configuration);

    /// <summary>A run's best value as it was reported, or null before the first finite one.</summary>
    public double? BestOf(SweepRun run) => run.BestEpoch > 0 ? Spec.Objective.Orient(run.Best) : null;

    /// <summary>A run's values as they were reported, epoch 1 first; NaN where one is not finite.</summary>
    public IReadOnlyList<double> CurveOf(SweepRun run)
    {
        var curve = run.Curve.ToArray();
        for (var i = 0; i < curve.Length; i++)
            curve[i] = double.IsFinite(curve[i]) ? Spec.Objective.Orient(curve[i]) : double.NaN;
        return curve;
    }

    /// <summary>
    /// Metrics of a run's best epoch, those of its weights on the test part among them once they are known; sorted by name. What the weights of
    /// another epoch did on the test part is not among them.
    /// </summary>
    public static IReadOnlyList<KeyValuePair<string, double>> MetricsOf(SweepRun run) =>
        [.. (run.Metrics ?? None).Concat(run.TestEpoch == run.BestEpoch ? run.Test ?? None : None).DistinctBy(metric => metric.Key).OrderBy(metric => metric.Key, StringComparer.Ordinal)];

    /// <summary>Where a run stands; one that an interruption took off its slot is queued.</summary>
    public RunState StateOf(SweepRun run) => run.State == RunState.Running && InterruptedSince is not null ? RunState.Queued : run.State;

    /// <summary>A run as a row of a table.</summary>
    public RunView ViewOf(SweepRun run) =>
        new(run.Number, NameOf(run), StateOf(run), run.Epoch, run.MaxEpochs, BestOf(run), run.BestEpoch);

    /// <summary>A run by number. Throws <see cref="UsageException"/> when there is none.</summary>
    public SweepRun Run(int number) => number >= 0 && number < State.Runs.Count ? State.Runs[number] : throw new UsageException(
        State.Runs.Count == 0 ? $"Sweep {Sweep} has no runs yet." : $"Sweep {Sweep} has no run {number}: its runs are 0 … {State.Runs.Count - 1}.");

    private void Keep(DateTimeOffset at, string by, string why, string text)
    {
        files.Add(new SweepFileVersion(at, by, why, text));
        names.Add((State.Runs.Count, new RunNames(Spec.Space)));
    }
}
