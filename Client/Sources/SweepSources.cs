using Client.Views;
using Sweeps.Core;
using Sweeps.Files;

namespace Client.Sources;

/// <summary>Extension methods of <see cref="ISweepSource"/>.</summary>
public static class SweepSources
{
    /// <summary>
    /// The id that <paramref name="wanted"/> names: a whole id, the beginning of exactly one, or null for the newest. Throws
    /// <see cref="UsageException"/> when there is none, or more than one.
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

    /// <summary>Reads the whole log of a sweep.</summary>
    public static async Task<SweepHistory> FoldAsync(this ISweepSource source, string sweep, CancellationToken cancel)
    {
        var history = NewHistory();
        await source.FollowAsync(sweep, history, cancel);
        return history.State.Seq > 0 ? history : throw new InvalidDataException($"The log of sweep {sweep} in {source.Place} has no whole event.");
    }

    /// <summary>Reads the whole log of a sweep and returns its events too.</summary>
    public static async Task<(SweepHistory History, IReadOnlyList<LoggedEvent> Log)> LogAsync(this ISweepSource source, string sweep, CancellationToken cancel)
    {
        var (history, log) = (NewHistory(), new List<LoggedEvent>());
        await foreach (var logged in source.ReadAsync(sweep, 0, cancel))
        {
            history.Add(logged);
            log.Add(logged);
        }
        history.Worker = await source.WorkerAsync(sweep, cancel);
        return (history, log);
    }

    /// <summary>Adds the events that have been appended since, and sets <see cref="SweepHistory.Worker"/>.</summary>
    public static async Task FollowAsync(this ISweepSource source, string sweep, SweepHistory history, CancellationToken cancel)
    {
        await ReadOnAsync();
        if (history.State.Status is SweepStatus.Unknown or SweepStatus.Ended)
            return;
        history.Worker = await source.WorkerAsync(sweep, cancel);
        // A worker that has just left may have appended the end of the sweep after the first read.
        if (history.Worker is null)
            await ReadOnAsync();

        async Task ReadOnAsync()
        {
            await foreach (var logged in source.ReadAsync(sweep, history.State.Seq, cancel))
                history.Add(logged);
        }
    }

    public static SweepHistory NewHistory() => new(ReadSpec);

    /// <summary>Parses the text of a sweep file in a log.</summary>
    public static SweepSpec ReadSpec(string text) => SweepFile.Stored(text);
}
