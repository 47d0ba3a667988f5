namespace Sweeps.Core.Search;

/// <summary>Proposes configurations. Pure: the same arguments give the same result.</summary>
public interface ISearch
{
    /// <summary>The number of configurations of a finite search, or null.</summary>
    long? Size { get; }

    /// <summary>Whether a proposal takes long because it fits a model to the history.</summary>
    bool FitsModel => false;

    /// <summary>
    /// Returns proposal <paramref name="index"/> (from 0), or null when the search is exhausted or finds no configuration that satisfies
    /// the constraints. The index counts the search's own runs, not enqueued ones. When a proposal equals an earlier configuration, the
    /// caller repeats the call with the next <paramref name="attempt"/> (from 0), up to 100 times. When <see cref="Size"/> is known, it
    /// calls with the next index instead, until the result is null.
    /// </summary>
    Suggestion? Propose(int index, int attempt, IHistory history);
}

/// <summary>A configuration that a search proposes.</summary>
/// <param name="Configuration">The hyperparameters.</param>
/// <param name="Random">
/// The reason why a search with a model drew this configuration at random; null otherwise, and for searches without a model.
/// </param>
public sealed record Suggestion(Configuration Configuration, string? Random = null);

/// <summary>The history on which a proposal is based. Values are oriented so that smaller is better.</summary>
public interface IHistory
{
    /// <summary>All runs of the search so far, in order of number.</summary>
    IReadOnlyList<Observation> Observations { get; }
}

/// <summary>The outcome of a run for a search.</summary>
public enum ObservationKind
{
    /// <summary>Trained to its last epoch; <see cref="Observation.Value"/> is its best value.</summary>
    Completed,

    /// <summary>Stopped early or paused at a rung; the value is the one at its last epoch, +∞ when it diverged.</summary>
    Pruned,

    /// <summary>Failed permanently, without a value.</summary>
    Failed,

    /// <summary>Running or waiting for a slot.</summary>
    Running,
}

/// <summary>A run in the history of a search.</summary>
/// <param name="Run">Its number.</param>
/// <param name="Configuration">Its hyperparameters.</param>
/// <param name="Kind">Its outcome.</param>
/// <param name="Epoch">Its last reported epoch, 0 before the first.</param>
/// <param name="Value">Its value, smaller is better; NaN if it has none.</param>
/// <param name="AtRungs">Its values at the rungs it has reached, (epoch, value) in order; empty without a rule with rungs.</param>
public sealed record Observation(
    int Run, Configuration Configuration, ObservationKind Kind, int Epoch, double Value, IReadOnlyList<RungValue> AtRungs);

/// <summary>A run's value at a rung.</summary>
public readonly record struct RungValue(int Epoch, double Value);
