using Sweeps.Core.Rules;

namespace Sweeps.Core;

/// <summary>
/// The state of a sweep after the events of its log: runs, rungs, leaderboard, counters. <see cref="SweepMachine"/> decides on it; readers of
/// the log display it. Not thread-safe.
/// </summary>
public sealed class SweepState
{
    /// <summary>
    /// The number of command ids that are kept. A client repeats a command for a few seconds, during which far fewer commands arrive.
    /// </summary>
    private const int MaxCommandIds = 100;

    private readonly List<string> programs = [];
    private readonly EventFold fold;
    private readonly List<SweepRun> runs = [];
    private readonly List<SweepRun> searched = [];
    private readonly int[] counts = new int[Enum.GetValues<RunState>().Length];
    private readonly SortedSet<int> queue = [];
    private readonly SortedSet<int> running = [];
    private readonly SortedSet<(double Best, int Run)> ranking = [];
    private readonly Dictionary<Configuration, int> runByConfiguration = [];
    private readonly Queue<string> commandIds = [];
    private MetricRow? row;
    private SweepSpec? spec;
    private SweepRules? rules;

    /// <summary>An empty state; <paramref name="read"/> parses the sweep files in the log.</summary>
    public SweepState(SpecReader read) => fold = new EventFold(this, read);

    /// <summary>The sweep's id, empty before its first event.</summary>
    public string Sweep { get; internal set; } = "";

    /// <summary>The text of the current sweep file.</summary>
    public string SpecText { get; internal set; } = "";

    /// <summary>The parsed sweep file. Throws <see cref="InvalidOperationException"/> before the first event.</summary>
    public SweepSpec Spec => spec ?? throw EmptyLog();

    /// <summary>Number of the last event, 0 when there is none.</summary>
    public long Seq { get; internal set; }

    public DateTimeOffset CreatedAt { get; internal set; }

    /// <summary>Time of the last event.</summary>
    public DateTimeOffset At { get; internal set; }

    /// <summary>The total time during which at least one run was assigned, up to <see cref="At"/>. A wall-time budget limits it.</summary>
    public TimeSpan Busy { get; internal set; }

    /// <summary>Whether the sweep runs, is paused, is stopping or has ended.</summary>
    public SweepStatus Status { get; internal set; }

    public SweepOutcome? Outcome { get; internal set; }

    public Reason? EndReason { get; internal set; }

    /// <summary>All runs by number.</summary>
    public IReadOnlyList<SweepRun> Runs => runs;

    /// <summary>The runs of the search by number, without those that confirm others.</summary>
    public IReadOnlyList<SweepRun> SearchedRuns => searched;

    /// <summary>
    /// The runs that a rule or the end of the sweep stopped before their last epoch. An audit draws its sample from these.
    /// </summary>
    public IEnumerable<SweepRun> StoppedEarly => searched.Where(run =>
        run is { State: RunState.Stopped, Reason.Rule: not "person", Epoch: > 0 } && run.Epoch < run.MaxEpochs);

    /// <summary>The last confirmation, or null.</summary>
    public Review? Confirmation { get; internal set; }

    /// <summary>The last audit, or null.</summary>
    public Review? Audit { get; internal set; }

    /// <summary>The running review, or null.</summary>
    internal Review? Review => Confirmation is { Active: true } ? Confirmation : Audit is { Active: true } ? Audit : null;

    /// <summary>The number of recorded epochs of the search; a budget limits it.</summary>
    internal long EpochsOfSearch { get; private set; }

    /// <summary>The number of recorded epochs, each counted once.</summary>
    public long EpochsRecorded { get; internal set; }

    /// <summary>The number of epochs trained again after losses.</summary>
    public long EpochsWasted { get; internal set; }

    public double Seconds { get; internal set; }

    /// <summary>The programs that trained runs, in the order of their first run; see <see cref="NoteTopic.Program"/>.</summary>
    public IReadOnlyList<string> Programs => programs;

    internal void AddProgram(string text) => programs.Add(text);

    /// <summary>The number of runs in a state. O(1).</summary>
    public int Count(RunState state) => counts[(int)state];

    /// <summary>The best run, or null while no run has a finite value.</summary>
    public SweepRun? Best => ranking.Count == 0 ? null : runs[ranking.Min.Run];

    /// <summary>
    /// The runs of an ended sweep whose evaluation on the test part is pending: the best run, and those that a person requested. Empty
    /// without a test part.
    /// </summary>
    public IEnumerable<SweepRun> Untested
    {
        get
        {
            if (Status != SweepStatus.Ended || !Spec.Trainable.HasTestPart)
                return [];
            var due = TestsWanted.Select(number => runs[number]);
            return Outcome is SweepOutcome.Finished or SweepOutcome.Stopped && Best is { } best && best.TestEpoch != best.BestEpoch
                ? due.Prepend(best).Distinct()
                : due;
        }
    }

    /// <summary>
    /// Whether the sweep has ended and its <c>on_end</c> was not called since. A process that ends between the call and its event leaves
    /// this true, so that the hook is called at least once.
    /// </summary>
    public bool EndHookDue => Status == SweepStatus.Ended && Spec.OnEnd is not null && !EndHookRan;

    /// <summary>The last call of a hook that failed, unless a later call of the same hook succeeded; or null.</summary>
    public HookRan? FailedHook { get; internal set; }

    /// <summary>Whether <c>on_end</c> was called since the last end of the sweep.</summary>
    internal bool EndHookRan { get; set; }

    /// <summary>Whether a slot can get work from this sweep now or later.</summary>
    public bool HasWork => Status != SweepStatus.Ended || Untested.Any();

    /// <summary>The best <paramref name="limit"/> runs by their best value, ties by number. O(limit).</summary>
    public IEnumerable<SweepRun> Leaderboard(int limit) => ranking.Take(limit).Select(entry => runs[entry.Run]);

    /// <summary>The rungs of the ladder with the numbers of arrived and promoted runs; empty without a ladder.</summary>
    public IEnumerable<RungView> Rungs => rules?.Ladder.View() ?? [];

    /// <summary>Numbers of the assigned runs, ascending.</summary>
    public IReadOnlyCollection<int> RunningRuns => running;

    /// <summary>Numbers of the runs that wait for a slot, ascending.</summary>
    public IReadOnlyCollection<int> QueuedRuns => queue;

    internal SweepRules Rules => rules ?? throw EmptyLog();

    /// <summary>The synchronous rules under which the brackets were opened.</summary>
    internal BracketHistory Brackets { get; } = new();

    /// <summary>The index of the next proposal of the search.</summary>
    internal int NextProposal { get; set; }

    /// <summary>The numbers of the runs whose evaluation on the test part a person requested.</summary>
    internal SortedSet<int> TestsWanted { get; } = [];

    /// <summary>All configurations that were enqueued, in order.</summary>
    internal List<Configuration> Enqueued { get; } = [];

    /// <summary>The number of enqueued configurations that have become runs.</summary>
    internal int EnqueuedStarted { get; set; }

    /// <summary>The first enqueued configuration that is not a run yet, or null.</summary>
    internal Configuration? NextEnqueued => EnqueuedStarted < Enqueued.Count ? Enqueued[EnqueuedStarted] : null;

    internal SweepRun NextQueued => runs[queue.Min];

    /// <summary>The ids of the last steering commands, oldest first.</summary>
    internal IReadOnlyCollection<string> CommandIds => commandIds;

    /// <summary>Numbers of ended runs whose checkpoints <see cref="TakeDisposable"/> has not returned yet.</summary>
    internal List<int> Ended { get; } = [];

    /// <summary>Applies the next event. Throws <see cref="ArgumentException"/> when its number does not follow <see cref="Seq"/>.</summary>
    public void Apply(LoggedEvent logged) => fold.Apply(logged);

    /// <summary>The objective, oriented so that smaller is better; +∞ if it is absent or not finite.</summary>
    internal double Oriented(IReadOnlyDictionary<string, double> metrics) => Spec.Objective.Of(metrics);

    /// <summary>The first run with this configuration, or null.</summary>
    internal int? FindRun(Configuration configuration) => runByConfiguration.TryGetValue(configuration, out var run) ? run : null;

    internal List<int> TakeDisposable(int keep)
    {
        // A later run, or the evaluation of one, may start from the weights of any run.
        if (Spec.SourceParameter is not null)
            return [];
        var kept = new HashSet<int>(ranking.Take(keep).Select(entry => entry.Run));
        var disposable = Ended.FindAll(run => runs[run].Over && !kept.Contains(run) && !CanBeResumed(runs[run]));
        Ended.RemoveAll(run => !runs[run].Over || (!kept.Contains(run) && !CanBeResumed(runs[run])));
        return disposable;
    }

    internal int LowestActiveEpoch()
    {
        var lowest = int.MaxValue;
        foreach (var run in running)
            lowest = Math.Min(lowest, runs[run].Epoch);
        foreach (var run in queue)
            lowest = Math.Min(lowest, runs[run].Epoch);
        return lowest;
    }

    /// <summary>Adds the id of a steering command, which identifies its repetitions.</summary>
    internal void AddCommandId(string id)
    {
        commandIds.Enqueue(id);
        if (commandIds.Count > MaxCommandIds)
            commandIds.Dequeue();
    }

    /// <summary>Sets the current sweep file, with new and empty rules.</summary>
    internal void Use(SweepSpec next) => (spec, rules) = (next, new SweepRules(next, Brackets));

    /// <summary>Adds a run, new or from a snapshot, to all indexes except those of the rules.</summary>
    internal void Add(SweepRun run)
    {
        runs.Add(run);
        if (run.Confirms is null)
        {
            searched.Add(run);
            EpochsOfSearch += run.Epoch;
        }
        row = run.Metrics as MetricRow ?? row;
        counts[(int)run.State]++;
        runByConfiguration.TryAdd(run.Configuration, run.Number);
        if (run.State == RunState.Queued)
            queue.Add(run.Number);
        if (run.State == RunState.Running)
            running.Add(run.Number);
        if (run.Over)
            Ended.Add(run.Number);
        if (run.BestEpoch > 0 && run.Confirms is null)
            ranking.Add((run.Best, run.Number));
    }

    /// <summary>Reads the next run of a snapshot, sharing the metric names of the runs before it.</summary>
    internal SweepRun ReadRun(StateReader reader) => SweepRun.Read(reader, runs.Count, row);

    /// <summary>Sets the run's last epoch by the current sweep file and adds the run to the rules.</summary>
    internal void AddToRules(SweepRun run)
    {
        if (run.Confirms is { } confirmed)
        {
            run.MaxEpochs = run.Over ? run.Epoch : runs[confirmed].Epoch;
            return;
        }
        run.MaxEpochs = Math.Max(run.Epoch, Math.Min(Spec.EpochsOf(run.Configuration), Spec.LastEpoch));
        Rules.Created(run);
    }

    /// <summary>Passes the run's learning curve and its end to the rules, as if they were recorded one by one.</summary>
    internal void ReplayToRules(SweepRun run)
    {
        if (run.Confirms is not null)
            return;
        for (var epoch = 1; epoch <= run.Epoch; epoch++)
            Rules.Recorded(run, epoch, run.ValueAt(epoch));
        if (run.Over)
            Rules.Ended(run);
    }

    /// <summary>Records a run's next epoch.</summary>
    internal void Record(SweepRun run, double value, IReadOnlyDictionary<string, double> metrics, double seconds)
    {
        var before = run.Best;
        row = run.Record(value, metrics, seconds, row);
        EpochsRecorded++;
        Seconds += seconds;
        if (run.Confirms is not null)
            return;
        EpochsOfSearch++;
        if (run.Best < before)
        {
            ranking.Remove((before, run.Number));
            ranking.Add((run.Best, run.Number));
        }
        Rules.Recorded(run, run.Epoch, value);
    }

    /// <summary>Changes the run's state. A null <paramref name="reason"/> keeps the previous reason.</summary>
    internal void Move(SweepRun run, RunState state, Reason? reason)
    {
        counts[(int)run.State]--;
        counts[(int)state]++;
        if (run.State == RunState.Queued)
            queue.Remove(run.Number);
        if (run.State == RunState.Running)
            running.Remove(run.Number);
        if (state == RunState.Queued)
            queue.Add(run.Number);
        if (state == RunState.Running)
            running.Add(run.Number);
        run.State = state;
        run.Reason = reason ?? run.Reason;
    }

    /// <summary>Whether resuming the stopped sweep would continue this run from its checkpoint.</summary>
    private bool CanBeResumed(SweepRun run) =>
        (Status == SweepStatus.Stopping || Outcome == SweepOutcome.Stopped) && run is { State: RunState.Stopped, Reason.Rule: "ended" };

    private static InvalidOperationException EmptyLog() => new("The sweep's log is empty: its first event is SweepCreated.");
}

/// <summary>Parses a sweep file. Throws when the text is invalid. A log contains only texts that were parsed successfully.</summary>
public delegate SweepSpec SpecReader(string text);

/// <summary>The status of a sweep. The numbers are explicit because snapshots and contracts contain them.</summary>
public enum SweepStatus
{
    /// <summary>The log is empty.</summary>
    Unknown = 0,

    /// <summary>Runs are assigned to slots.</summary>
    Running = 1,

    /// <summary>Paused by a person: no run is assigned, running ones continue.</summary>
    Paused = 2,

    /// <summary>Stopped by a person: running runs finish their assignments.</summary>
    Stopping = 3,

    /// <summary>No run is running and none will be started.</summary>
    Ended = 4,
}
