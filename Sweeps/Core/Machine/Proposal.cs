using Sweeps.Core.Search;

namespace Sweeps.Core;

/// <summary>
/// A configuration whose computation takes long because the search fits a model. The machine requests it (<see cref="SweepMachine.Wanted"/>)
/// with a copy of the history; <see cref="Make"/> may run on any thread; the machine uses the result for its next new run. There is one at a
/// time, because a search keeps its last fit.
/// </summary>
public sealed class Proposal : IHistory
{
    /// <summary>Attempts for one run before a configuration equal to an earlier one is accepted.</summary>
    private const int Attempts = 100;

    internal Proposal(ISearch search, int index, long seen, IReadOnlyList<Observation> observations) =>
        (Search, Index, Seen, Observations) = (search, index, seen, observations);

    /// <summary>The number of the last event in the history.</summary>
    public long Seen { get; }

    public IReadOnlyList<Observation> Observations { get; }

    internal ISearch Search { get; }

    internal int Index { get; }

    /// <summary>The result of <see cref="Make"/>; null when the search is exhausted.</summary>
    internal Configuration? Configuration { get; private set; }

    /// <summary>Computes the configuration.</summary>
    public void Make()
    {
        var known = Observations.Select(observation => observation.Configuration).ToHashSet();
        Configuration = FirstUnknown(Search, Index, this, known.Contains);
    }

    /// <summary>The first attempt that is not known, or the last when all of them are; null when the search is exhausted.</summary>
    internal static Configuration? FirstUnknown(ISearch search, int index, IHistory history, Func<Configuration, bool> known)
    {
        Configuration? configuration = null;
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            configuration = search.Propose(index, attempt, history);
            if (configuration is null || !known(configuration))
                return configuration;
        }
        return configuration;
    }
}

/// <summary>Creates runs from enqueued configurations and from the search's proposals.</summary>
internal sealed class RunProposer(MachineContext context, SearchMaker makeSearch)
{
    private ISearch? search;
    private SweepSpec? searchSpec;
    private int? exhaustedAt;
    private History? history;
    private Proposal? offered;

    /// <summary>The proposal without which <see cref="Create(int)"/> could not create a run, or null.</summary>
    public Proposal? Wanted { get; private set; }

    private SweepState State => context.State;

    /// <summary>The search of the current sweep file. A changed file may have other rungs, so the history is observed again.</summary>
    private ISearch Search
    {
        get
        {
            if (!ReferenceEquals(searchSpec, State.Spec))
                (search, searchSpec, exhaustedAt, history) = (makeSearch(State.Spec), State.Spec, null, null);
            return search!;
        }
    }

    private History History => history ??= new History(State);

    /// <summary>Supplies the wanted proposal; null when making it failed.</summary>
    public void Offer(Proposal? made) => (offered, Wanted) = (made, null);

    /// <summary>Whether a new run could be created, as far as is known without a proposal.</summary>
    public bool MayStart() =>
        State.Status is SweepStatus.Running or SweepStatus.Paused
        && (State.Spec.RunCap is not { } cap || State.Runs.Count < cap)
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
        Configuration? configuration;
        if (context.Options.ProposeAside && Search.FitsModel)
        {
            if (TakeOffered() is not { } made)
            {
                Wanted ??= new Proposal(Search, State.NextProposal, State.Seq, [.. History]);
                return null;
            }
            (configuration, seen) = (made.Configuration, made.Seen);
        }
        else
        {
            configuration = Proposal.FirstUnknown(Search, State.NextProposal, History, known => State.FindRun(known) is not null);
        }
        if (configuration is null)
            return null;
        var note = State.FindRun(configuration) is { } same ? $"equals run {same}: nothing new was drawn" : null;
        return Create(configuration, bracket, note, State.NextProposal, seen);
    }

    /// <summary>
    /// The offered proposal, unless the search or its index has changed since, or a run with the same configuration was enqueued.
    /// </summary>
    private Proposal? TakeOffered()
    {
        var made = offered;
        offered = null;
        return made is not null && made.Search == Search && made.Index == State.NextProposal
            && !(made.Configuration is { } configuration && State.FindRun(configuration) >= made.Observations.Count)
            ? made
            : null;
    }

    /// <summary>The next proposal of a finite search that no run has.</summary>
    private SweepRun? ProposeFromFinite(int bracket)
    {
        for (var index = State.NextProposal; Search.Propose(index, 0, History) is { } configuration; index++)
            if (State.FindRun(configuration) is null)
                return Create(configuration, bracket, null, index, null);
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
