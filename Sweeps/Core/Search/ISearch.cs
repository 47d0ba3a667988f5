namespace Sweeps.Core.Search;

/// <summary>Proposes configurations. Pure: the same arguments give the same answer.</summary>
public interface ISearch
{
    /// <summary>How many distinct configurations there are, or null when there is no end to them.</summary>
    long? Size { get; }

    /// <summary>Whether a proposal takes long, because a model is fitted to the history for it.</summary>
    bool FitsModel => false;

    /// <summary>
    /// The search's proposal <paramref name="index"/> (from 0), or null when the search is used up. The index counts the runs that the
    /// search has given before: enqueued configurations have none. When a proposal equals an earlier configuration the caller asks again
    /// with the next <paramref name="attempt"/> (from 0): up to 100 times, or, when <see cref="Size"/> is known, until the answer is null.
    /// </summary>
    Configuration? Propose(int index, int attempt, IHistory history);
}

/// <summary>What is known when a configuration is asked for. Values are oriented so that smaller is better.</summary>
public interface IHistory
{
    /// <summary>Every run so far in order of number: completed, pruned, failed and running ones.</summary>
    IReadOnlyList<Observation> Observations { get; }
}

/// <summary>What has become of a run, as a sampler sees it.</summary>
public enum ObservationKind
{
    /// <summary>Trained to its last epoch; <see cref="Observation.Value"/> is its best value.</summary>
    Completed,

    /// <summary>Stopped early or paused at a rung; the value is the one at its last epoch, +∞ when it diverged.</summary>
    Pruned,

    /// <summary>Its program failed: known to have been tried, with no value.</summary>
    Failed,

    /// <summary>Still training or waiting for a slot.</summary>
    Running,
}

/// <summary>A run as a sampler sees it.</summary>
/// <param name="Run">Its number.</param>
/// <param name="Configuration">Its point.</param>
/// <param name="Kind">What has become of it.</param>
/// <param name="Epoch">Its last reported epoch, 0 before the first.</param>
/// <param name="Value">Its value, smaller is better; NaN while there is none.</param>
/// <param name="AtRungs">Its values at the rungs it has reached, (epoch, value) in order; empty without early termination.</param>
public sealed record Observation(
    int Run, Configuration Configuration, ObservationKind Kind, int Epoch, double Value, IReadOnlyList<RungValue> AtRungs);

/// <summary>The value a run had when it reached a rung.</summary>
public readonly record struct RungValue(int Epoch, double Value);
