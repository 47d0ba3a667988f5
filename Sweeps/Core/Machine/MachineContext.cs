namespace Sweeps.Core;

/// <summary>
/// The shared context of the handlers of a <see cref="SweepMachine"/>: the state, the leases, the time and the events of the current
/// decision.
/// </summary>
internal sealed class MachineContext(SweepState state, MachineOptions options)
{
    private ICollection<LoggedEvent> decided = [];

    /// <summary>
    /// Epochs that were reported again under the current generation, by run. In memory only: a restart loses statistics, not results.
    /// </summary>
    private readonly Dictionary<int, (int First, int Last, string? Why)> repeated = [];

    /// <summary>The generation under which a difference was found, by run.</summary>
    private readonly Dictionary<int, int> different = [];

    public SweepState State => state;

    public MachineOptions Options => options;

    public LeaseTable Leases { get; } = new();

    /// <summary>The time of the current command; never before that of an earlier command or event.</summary>
    public DateTimeOffset Now { get; private set; }

    /// <summary>Starts a decision at the given time; its events are added to <paramref name="events"/>.</summary>
    public void Begin(DateTimeOffset at, ICollection<LoggedEvent> events)
    {
        (decided, Now) = (events, at > Now ? at : Now);
        if (state.At > Now)
            Now = state.At;
    }

    public void Emit(SweepEvent content)
    {
        var logged = new LoggedEvent(state.Seq + 1, Now, content);
        state.Apply(logged);
        decided.Add(logged);
    }

    /// <summary>The run if it is running under this generation, else null.</summary>
    public SweepRun? FindRunning(int run, int generation) =>
        run >= 0 && run < state.Runs.Count && state.Runs[run] is { State: RunState.Running } found && found.Generation == generation
            ? found
            : null;

    /// <summary>
    /// Removes the run's lease and records its repeated epochs. Must be called before the event that takes the run from its slot.
    /// </summary>
    public void FreeSlot(SweepRun run)
    {
        Leases.Remove(run.Number);
        EmitWaste(run);
    }

    /// <summary>
    /// Whether this is the first difference under the run's current generation. In memory only, like the repeated epochs.
    /// </summary>
    public bool IsFirstDifference(SweepRun run)
    {
        if (different.GetValueOrDefault(run.Number) == run.Generation)
            return false;
        different[run.Number] = run.Generation;
        return true;
    }

    /// <summary>Adds an epoch that was trained again, and the reason why the checkpoint could not be used, or null.</summary>
    public void AddRepeated(SweepRun run, int epoch, string? why)
    {
        var (first, last, before) = repeated.GetValueOrDefault(run.Number, (epoch, epoch, null));
        repeated[run.Number] = (Math.Min(first, epoch), Math.Max(last, epoch), why ?? before);
    }

    /// <summary>Records the repeated epochs of a run, if there are any.</summary>
    public void EmitWaste(SweepRun run)
    {
        if (repeated.Remove(run.Number, out var range))
            Emit(new EpochsWasted(run.Number, run.Generation, range.Last - range.First + 1, range.Why));
    }
}
