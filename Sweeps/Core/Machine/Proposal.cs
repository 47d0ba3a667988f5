using Sweeps.Core.Search;

namespace Sweeps.Core;

/// <summary>
/// The computation of a configuration by a search that fits a model, which takes long. The machine requests it
/// (<see cref="SweepMachine.Wanted"/>) with a copy of the history; <see cref="Make"/> may run on any thread; the machine uses the result
/// for its next new run. At most one may be computed at a time, because a search caches its last fit and is not thread-safe.
/// </summary>
public sealed class Proposal : IHistory
{
    private readonly UnusedConfigurations unused;

    internal Proposal(ISearch search, UnusedConfigurations unused, int index, long seen, IReadOnlyList<Observation> observations) =>
        (Search, this.unused, Index, Seen, Observations) = (search, unused, index, seen, observations);

    /// <summary>The number of the last event in the history.</summary>
    public long Seen { get; }

    public IReadOnlyList<Observation> Observations { get; }

    /// <summary>The number of the last run in the history, or −1.</summary>
    internal int LastObserved => Observations.Count > 0 ? Observations[^1].Run : -1;

    internal ISearch Search { get; }

    internal int Index { get; }

    /// <summary>The result of <see cref="Make"/>; null when the search is exhausted or has a <see cref="Problem"/>.</summary>
    internal Suggestion? Suggestion { get; private set; }

    /// <summary>Why the search could not propose a configuration, or null.</summary>
    internal string? Problem { get; private set; }

    /// <summary>Computes the configuration. An exception of the search becomes its <see cref="Problem"/>.</summary>
    public void Make()
    {
        var known = Observations.Select(observation => observation.Configuration).ToHashSet();
        (Suggestion, Problem) = Next(unused, Index, this, known.Contains);
    }

    /// <summary>
    /// Searches should not throw. If one does, the message is returned as a problem that ends the sweep, because the same proposal would
    /// throw again.
    /// </summary>
    internal static (Suggestion? Suggestion, string? Problem) Next(
        UnusedConfigurations unused, int index, IHistory history, Func<Configuration, bool> known)
    {
        try
        {
            return unused.Next(index, history, known);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            return (null, $"the search could not propose configuration {index}: {error.Message}");
        }
    }
}

/// <summary>Creates runs from enqueued configurations and from the search's proposals.</summary>
internal sealed class RunProposer(MachineContext context, SearchMaker makeSearch)
{
    private ISearch? search;
    private UnusedConfigurations? unused;
    private SweepSpec? searchSpec;
    private int? exhaustedAt;
    private History? history;
    private Proposal? offered;

    /// <summary>The proposal that <see cref="Create(int)"/> needs to create a run, or null.</summary>
    public Proposal? Wanted { get; private set; }

    /// <summary>Why the search cannot propose another configuration although it is not exhausted, or null.</summary>
    public string? Problem { get; private set; }

    private SweepState State => context.State;

    /// <summary>
    /// The search of the current sweep file. When the file changes, the history is rebuilt, because its rungs may differ.
    /// </summary>
    private ISearch Search
    {
        get
        {
            if (!ReferenceEquals(searchSpec, State.Spec))
            {
                (search, searchSpec, exhaustedAt, history, Problem) = (makeSearch(State.Spec), State.Spec, null, null, null);
                unused = new UnusedConfigurations(search, State.Spec);
            }
            return search!;
        }
    }

    private History History => history ??= new History(State);

    /// <summary>Supplies the wanted proposal; null when making it failed.</summary>
    public void Offer(Proposal? made) => (offered, Wanted) = (made, null);

    /// <summary>Whether a new run could be created, as far as this is known without a proposal.</summary>
    public bool MayStart() =>
        State.Status is SweepStatus.Running or SweepStatus.Paused
        && (State.Spec.RunCap is not { } cap || State.SearchedRuns.Count < cap)
        && State.Review is null
        && (State.NextEnqueued is not null
            || (Search.Size is not { } size || State.NextProposal < size) && exhaustedAt != State.NextProposal);

    /// <summary>Creates a run in a bracket; null when the search is exhausted or a proposal is <see cref="Wanted"/>.</summary>
    public SweepRun? Create(int bracket)
    {
        if (State.NextEnqueued is { } enqueued)
            return Create(enqueued, bracket, State.FindRun(enqueued) is { } same ? $"equals run {same}" : null, null, null);
        if ((Search.Size is null ? Propose(bracket) : ProposeFromFinite(bracket)) is { } run)
            return run;
        if (Wanted is null)
            exhaustedAt = State.NextProposal;
        return null;
    }

    private SweepRun? Propose(int bracket)
    {
        long? seen = null;
        Suggestion? suggestion;
        var current = Search;
        if (context.Options.ProposeAside && current.FitsModel)
        {
            if (TakeOffered() is not { } made)
            {
                Wanted ??= new Proposal(current, unused!, State.NextProposal, State.Seq, [.. History]);
                return null;
            }
            (suggestion, Problem, seen) = (made.Suggestion, made.Problem, made.Seen);
        }
        else
        {
            (suggestion, Problem) = Proposal.Next(unused!, State.NextProposal, History, known => State.FindRun(known) is not null);
        }
        if (suggestion is null)
            return null;
        var note = State.FindRun(suggestion.Configuration) is { } same ? $"equals run {same}: nothing new was drawn"
            : suggestion.Random is { } why ? $"random: {why}"
            : null;
        return Create(suggestion.Configuration, bracket, note, State.NextProposal, seen);
    }

    /// <summary>
    /// The offered proposal, unless the search or its index has changed since, or a run with the same configuration was enqueued.
    /// </summary>
    private Proposal? TakeOffered()
    {
        var made = offered;
        offered = null;
        return made is not null && made.Search == Search && made.Index == State.NextProposal
            && !(made.Suggestion is { } suggestion && State.FindRun(suggestion.Configuration) > made.LastObserved)
            ? made
            : null;
    }

    /// <summary>Creates a run with the next proposal of a finite search that no run has, or returns null.</summary>
    private SweepRun? ProposeFromFinite(int bracket)
    {
        for (var index = State.NextProposal; Search.Propose(index, 0, History) is { Configuration: var configuration }; index++)
            if (State.FindRun(configuration) is null)
                return Create(configuration, bracket, null, index, null);
        if (State.Runs.Count == 0 && State.Spec.Constraints.Count > 0)
            Problem = ConstraintShare.Of(State.Spec).Describe();
        return null;
    }

    private SweepRun Create(Configuration configuration, int bracket, string? note, int? proposal, long? seen)
    {
        var number = State.Runs.Count;
        context.Emit(new RunCreated(
            number, configuration, SplitMix64.Draw(State.Spec.Seed, (ulong)number, "$run"), bracket, note, proposal, seen));
        return State.Runs[number];
    }
}
