using Sweeps.Core.Search;

namespace Sweeps.Core;

/// <summary>
/// A configuration that a search fits a model for, which takes long: the machine names it (<see cref="SweepMachine.Wanted"/>), someone makes it
/// from a copy of what is known at that moment, on any thread, and the machine takes it when it next needs a new run. One at a time: a search
/// keeps what it has fitted.
/// </summary>
public sealed class Proposal : IHistory
{
    /// <summary>Draws for one run before an equal configuration is accepted.</summary>
    private const int Attempts = 100;

    internal Proposal(ISearch search, int index, long seen, IReadOnlyList<Observation> observations) =>
        (Search, Index, Seen, Observations) = (search, index, seen, observations);

    /// <summary>The last event whose results are known to it.</summary>
    public long Seen { get; }

    /// <inheritdoc/>
    public IReadOnlyList<Observation> Observations { get; }

    internal ISearch Search { get; }

    internal int Index { get; }

    /// <summary>What <see cref="Make"/> found; null when the search is used up.</summary>
    internal Configuration? Configuration { get; private set; }

    /// <summary>Asks the search.</summary>
    public void Make()
    {
        var known = Observations.Select(observation => observation.Configuration).ToHashSet();
        Configuration = Draw(Search, Index, this, known.Contains);
    }

    /// <summary>The first of the search's attempts that is not known, or the last when all of them are; null when the search is used up.</summary>
    internal static Configuration? Draw(ISearch search, int index, IHistory history, Func<Configuration, bool> known)
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
