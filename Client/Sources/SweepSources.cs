using Client.Views;
using Sweeps.Core;
using Sweeps.Files;

namespace Client.Sources;

/// <summary>Extension methods of <see cref="ISweepSource"/>.</summary>
public static class SweepSources
{
    /// <summary>The end of a word that names the newest sweep.</summary>
    public const string Newest = "@newest";

    /// <summary>
    /// Resolves <paramref name="wanted"/> to the id of a sweep: a whole id, a unique prefix of one, the newest with a prefix
    /// (<c>fmnist@newest</c>, <c>@newest</c>), a name given with <c>rename</c>, or null for the newest. Throws <see cref="UsageException"/>
    /// when it names no sweep or more than one.
    /// </summary>
    public static async Task<string> ResolveAsync(this ISweepSource source, string? wanted, CancellationToken cancel)
    {
        var ids = await source.ListAsync(cancel);
        if (ids.Count == 0)
            throw new UsageException($"There are no sweeps in {source.Place}. Start one with: ./sweep demo");
        // Every id begins with an empty text: `delete "$UNSET"` would delete the only sweep.
        if (wanted is "")
            throw new UsageException("The name of the sweep is empty. Give its id, the beginning of it, or @newest.");
        wanted ??= Newest;
        if (ids.Contains(wanted))
            return wanted;
        if (wanted.EndsWith(Newest, StringComparison.Ordinal) && wanted[..^Newest.Length] is var beginning)
            return ids.FirstOrDefault(id => id.StartsWith(beginning, StringComparison.Ordinal))
                ?? throw new UsageException($"No sweep in {source.Place} begins with '{beginning}'. Those that are there: ./sweep list");
        var begin = ids.Where(id => id.StartsWith(wanted, StringComparison.Ordinal)).ToList();
        if (begin.Count == 0)
            begin = await NamedAsync(source, ids, wanted, cancel);
        return begin.Count switch
        {
            1 => begin[0],
            0 => throw new UsageException($"There is no sweep '{wanted}' in {source.Place}. Those that are there: ./sweep list"),
            _ => throw new UsageException($"'{wanted}' fits {begin.Count} sweeps: {string.Join(", ", begin.Take(4))}{(begin.Count > 4 ? " …" : "")}. Give more of the id, or {wanted}{Newest}."),
        };
    }

    /// <summary>
    /// The sweeps with a name given by <c>rename</c>. Called last, because it reads all logs. With <c>--at</c> they are found by the names that they have
    /// now, because most are given after the end.
    /// </summary>
    private static async Task<List<string>> NamedAsync(ISweepSource source, IEnumerable<string> ids, string name, CancellationToken cancel)
    {
        source = source is CutSource cut ? cut.Whole : source;
        var named = new List<string>();
        foreach (var id in ids)
        {
            try
            {
                if ((await source.FoldAsync(id, cancel)).Name == name)
                    named.Add(id);
            }
            catch (Exception damaged) when (damaged is not (UsageException or OperationCanceledException or SourceUnavailableException))
            {
                // A sweep whose log cannot be read has no name. Selecting it by its id shows the reason.
            }
        }
        return named;
    }

    /// <summary>Reads the whole log of a sweep.</summary>
    public static async Task<SweepHistory> FoldAsync(this ISweepSource source, string sweep, CancellationToken cancel)
    {
        var history = NewHistory();
        await source.FollowAsync(sweep, history, cancel);
        return history.State.Seq > 0 ? history : throw Empty(source, sweep);
    }

    /// <summary>Reads the whole log of a sweep and also returns its events.</summary>
    public static async Task<(SweepHistory History, IReadOnlyList<LoggedEvent> Log)> LogAsync(this ISweepSource source, string sweep, CancellationToken cancel)
    {
        var (history, log) = (NewHistory(), new List<LoggedEvent>());
        await foreach (var logged in source.ReadAsync(sweep, 0, cancel))
        {
            history.Add(logged);
            log.Add(logged);
        }
        if (log.Count == 0)
            throw Empty(source, sweep);
        history.Worker = await source.WorkerAsync(sweep, cancel);
        return (history, log);
    }

    /// <summary>Adds the events that were appended since the last call, and sets <see cref="SweepHistory.Worker"/>.</summary>
    public static async Task FollowAsync(this ISweepSource source, string sweep, SweepHistory history, CancellationToken cancel)
    {
        await ReadOnAsync();
        if (history.State.Status is SweepStatus.Unknown or SweepStatus.Ended)
            return;
        history.Worker = await source.WorkerAsync(sweep, cancel);
        // A worker that has just ended may have appended events after the first read. Without a second read the sweep would be shown as
        // interrupted.
        if (history.Worker is null)
            await ReadOnAsync();

        async Task ReadOnAsync()
        {
            await foreach (var logged in source.ReadAsync(sweep, history.State.Seq, cancel))
                history.Add(logged);
        }
    }

    public static SweepHistory NewHistory() => new(ReadSpec);

    private static InvalidDataException Empty(ISweepSource source, string sweep) => new($"The log of sweep {sweep} in {source.Place} has no whole event.");

    /// <summary>Parses the text of a sweep file in a log.</summary>
    public static SweepSpec ReadSpec(string text) => SweepFile.Stored(text);
}
