using Sweeps.Core.Rules;

namespace Sweeps.Core;

/// <summary>
/// What a sweep's log says, folded: runs, rungs, leaderboard, counters. The read model of the machine, and of anybody who follows the log.
/// Not safe for use by several threads at once.
/// </summary>
public sealed partial class SweepState
{
    /// <summary>How many ids of commands are kept: more than can be repeated within the patience of their senders.</summary>
    private const int MostRemembered = 100;

    private readonly SpecReader read;
    private readonly List<SweepRun> runs = [];
    private readonly int[] counts = new int[Enum.GetValues<RunState>().Length];
    private readonly SortedSet<int> queue = [];
    private readonly SortedSet<int> running = [];
    private readonly SortedSet<(double Best, int Run)> ranking = [];
    private readonly List<Configuration> enqueued = [];
    private readonly Dictionary<Configuration, int> known = [];
    private readonly List<int> over = [];
    private readonly BracketHistory brackets = new();
    private readonly Queue<string> remembered = [];
    private MetricRow? row;
    private SweepSpec? spec;
    private SweepRules? rules;

    /// <summary>An empty state; <paramref name="read"/> parses the sweep files in the log.</summary>
    public SweepState(SpecReader read) => this.read = read;

    /// <summary>The sweep's id, empty before its first event.</summary>
    public string Sweep { get; private set; } = "";

    /// <summary>The current sweep file.</summary>
    public string SpecText { get; private set; } = "";

    /// <summary>What the current sweep file means. Throws <see cref="InvalidOperationException"/> before the first event.</summary>
    public SweepSpec Spec => spec ?? throw new InvalidOperationException("The sweep's log is empty: its first event is SweepCreated.");

    /// <summary>Number of the last event, 0 when there is none.</summary>
    public long Seq { get; private set; }

    /// <summary>When the sweep was created.</summary>
    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>Time of the last event.</summary>
    public DateTimeOffset At { get; private set; }

    /// <summary>Time during which at least one run was assigned, up to <see cref="At"/>: what a wall-time budget counts.</summary>
    public TimeSpan Busy { get; private set; }

    /// <summary>Where the sweep stands.</summary>
    public SweepStatus Status { get; private set; }

    /// <summary>How it ended, or null.</summary>
    public SweepOutcome? Outcome { get; private set; }

    /// <summary>Why it ended, or null.</summary>
    public Reason? EndReason { get; private set; }

    /// <summary>All runs by number.</summary>
    public IReadOnlyList<SweepRun> Runs => runs;

    /// <summary>Epochs recorded, each once.</summary>
    public long EpochsRecorded { get; private set; }

    /// <summary>Epochs trained again after losses.</summary>
    public long EpochsWasted { get; private set; }

    /// <summary>Seconds of all recorded epochs.</summary>
    public double Seconds { get; private set; }

    /// <summary>How many runs are in a state. O(1).</summary>
    public int Count(RunState state) => counts[(int)state];

    /// <summary>The best run, or null while no run has a finite value.</summary>
    public SweepRun? Best => ranking.Count == 0 ? null : runs[ranking.Min.Run];

    /// <summary>
    /// The best run of an ended sweep of networks while its weights of its best epoch have not been evaluated on the test part, else null.
    /// </summary>
    public SweepRun? Untested =>
        Outcome is SweepOutcome.Finished or SweepOutcome.Stopped && Spec.Trainable is TrainableSpec.Network
        && Best is { } best && best.TestEpoch != best.BestEpoch
            ? best
            : null;

    /// <summary>Whether there is, or may yet be, something to do for a slot.</summary>
    public bool HasWork => Status != SweepStatus.Ended || Untested is not null;

    /// <summary>The best <paramref name="limit"/> runs by their best value, ties by number. O(limit).</summary>
    public IEnumerable<SweepRun> Leaderboard(int limit) => ranking.Take(limit).Select(entry => runs[entry.Run]);

    /// <summary>The rungs of the ladder, if there is one, with how many arrived and went on.</summary>
    public IEnumerable<RungView> Rungs => rules?.Ladder.View() ?? [];

    /// <summary>Runs that are assigned, by number.</summary>
    public IReadOnlyCollection<int> RunningRuns => running;

    /// <summary>Runs that wait for a slot, by number.</summary>
    public IReadOnlyCollection<int> QueuedRuns => queue;

    internal SweepRules Rules =>
        rules ?? throw new InvalidOperationException("The sweep's log is empty: its first event is SweepCreated.");

    /// <summary>The number under which the search is asked next.</summary>
    internal int NextProposal { get; private set; }

    /// <summary>How many of the enqueued configurations have become runs.</summary>
    internal int EnqueuedStarted { get; private set; }

    /// <summary>The next configuration a person or the sweep file asked for, or null.</summary>
    internal Configuration? NextEnqueued => EnqueuedStarted < enqueued.Count ? enqueued[EnqueuedStarted] : null;

    internal SweepRun NextQueued => runs[queue.Min];

    /// <summary>Whether one of the last commands that persons gave had this id.</summary>
    internal bool Remembers(string id) => remembered.Contains(id);

    internal int? Earlier(Configuration configuration) => known.TryGetValue(configuration, out var run) ? run : null;

    internal List<int> TakeDisposable(int keep)
    {
        var kept = new HashSet<int>(ranking.Take(keep).Select(entry => entry.Run));
        var disposable = over.FindAll(run => runs[run].Over && !kept.Contains(run) && !CanBeResumed(runs[run]));
        over.RemoveAll(run => !runs[run].Over || (!kept.Contains(run) && !CanBeResumed(runs[run])));
        return disposable;
    }

    /// <summary>A stopped sweep can be resumed: what its end held back wants its checkpoint again.</summary>
    private bool CanBeResumed(SweepRun run) =>
        (Status == SweepStatus.Stopping || Outcome == SweepOutcome.Stopped) && run is { State: RunState.Stopped, Reason.Rule: "ended" };

    private void Remember(string id)
    {
        remembered.Enqueue(id);
        if (remembered.Count > MostRemembered)
            remembered.Dequeue();
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
}

/// <summary>Parses a sweep file. Throws when it is not one: only texts that were read before get into a log.</summary>
public delegate SweepSpec SpecReader(string text);
