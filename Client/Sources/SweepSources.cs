using Client.Views;
using Sweeps.Core;
using Sweeps.Spec;

namespace Client.Sources;

/// <summary>What every command does with a source.</summary>
public static class SweepSources
{
    /// <summary>
    /// The sweep a person means: a whole id, the beginning of exactly one, or null for the newest. Throws <see cref="UsageException"/> when
    /// that is none or several.
    /// </summary>
    public static async Task<string> ResolveAsync(this ISweepSource source, string? wanted, CancellationToken cancel)
    {
        var ids = await source.ListAsync(cancel);
        if (ids.Count == 0)
            throw new UsageException($"There are no sweeps in {source.Place}. Start one with: ./sweep demo");
        if (wanted is null)
            return ids[0];
        if (ids.Contains(wanted))
            return wanted;
        var begin = ids.Where(id => id.StartsWith(wanted, StringComparison.Ordinal)).ToList();
        return begin.Count switch
        {
            1 => begin[0],
            0 => throw new UsageException($"There is no sweep '{wanted}' in {source.Place}. Those that are there: ./sweep list"),
            _ => throw new UsageException($"'{wanted}' is the beginning of {begin.Count} sweeps: {string.Join(", ", begin.Take(4))}. Give more of it."),
        };
    }

    /// <summary>All that the log says about a sweep.</summary>
    public static async Task<SweepHistory> FoldAsync(this ISweepSource source, string sweep, CancellationToken cancel)
    {
        var history = NewHistory();
        await source.FollowAsync(sweep, history, cancel);
        return history;
    }

    /// <summary>All that the log says, and the log itself.</summary>
    public static async Task<(SweepHistory History, IReadOnlyList<LoggedEvent> Log)> LogAsync(this ISweepSource source, string sweep, CancellationToken cancel)
    {
        var (history, log) = (NewHistory(), new List<LoggedEvent>());
        await foreach (var logged in source.ReadAsync(sweep, 0, cancel))
        {
            history.Add(logged);
            log.Add(logged);
        }
        return (history, log);
    }

    /// <summary>Takes in what has been appended since. Returns whether there was anything.</summary>
    public static async Task<bool> FollowAsync(this ISweepSource source, string sweep, SweepHistory history, CancellationToken cancel)
    {
        var before = history.State.Seq;
        await foreach (var logged in source.ReadAsync(sweep, before, cancel))
            history.Add(logged);
        return history.State.Seq > before;
    }

    /// <summary>A history to fold a log into.</summary>
    public static SweepHistory NewHistory() => new(ReadSpec);

    /// <summary>Reads a sweep file of a log.</summary>
    public static SweepSpec ReadSpec(string text) => SweepFile.Parse(text, "sweep.yaml").Spec;
}
