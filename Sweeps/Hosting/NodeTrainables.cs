using System.Collections.Concurrent;
using Engine;
using Engine.Data;
using Engine.Formats;
using Microsoft.Extensions.Logging;
using Sweeps.Core;
using Sweeps.Training;

namespace Sweeps.Hosting;

/// <summary>
/// What a node can train: data sets are found here, fetched from the store, or downloaded, in the background, so that a node that lacks a
/// sweep's data goes on with other sweeps and says so. A data set that could not be had is looked for again after half a minute.
/// </summary>
/// <param name="data">Where data sets are looked for.</param>
/// <param name="fetch">Brings a data set from the store into a folder; false when the store does not have it.</param>
/// <param name="wake">Called when a sweep can be trained after all.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Where troubles are told.</param>
public sealed class NodeTrainables(
    DataOptions data, Func<string, string, CancellationToken, Task<bool>> fetch, Action wake, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, Entry> entries = new();

    /// <summary>Names of the data sets that are in memory, in order.</summary>
    public IReadOnlyList<string> Loaded =>
        [.. entries.Where(entry => entry.Value.Ready).Select(entry => entry.Key).Order(StringComparer.Ordinal)];

    /// <summary>The trainable of a sweep, or null while its data are not here. Never blocks.</summary>
    public ITrainable? TryGet(SweepSpec spec)
    {
        if (spec.Trainable is not TrainableSpec.Network network)
            return TrainableFactory.Make(spec, _ => throw new InvalidOperationException(), file => file, time);
        var entry = entries.GetOrAdd(network.Dataset, name => new Entry(Task.Run(() => LoadAsync(name))));
        if (entry.Failed && time.GetElapsedTime(entry.StartedAt) > RetryAfter)
            entries.TryUpdate(network.Dataset, new Entry(Task.Run(() => LoadAsync(network.Dataset))), entry);
        return entry.Ready ? TrainableFactory.Make(spec, _ => entry.Load.Result!, file => file, time) : null;
    }

    private async Task<Dataset?> LoadAsync(string name)
    {
        var dataset = await FindAsync(name);
        wake();
        return dataset;
    }

    private async Task<Dataset?> FindAsync(string name)
    {
        try
        {
            return Datasets.Shared.Load(name, data with { Download = false });
        }
        catch (DatasetNotFoundException)
        {
            // Not on this machine: the store, then its published address.
        }
        catch (DataFileException e)
        {
            logger.DatasetUnusable(name, e);
            return null;
        }
        try
        {
            if (data.CacheFolder is { } cache && await fetch(name, Path.Combine(cache, name), CancellationToken.None))
                logger.DatasetFetched(name);
            return Datasets.Shared.Load(name, data);
        }
        catch (Exception e)
        {
            logger.DatasetUnusable(name, e);
            return null;
        }
    }

    private sealed class Entry(Task<Dataset?> load)
    {
        public Task<Dataset?> Load => load;

        public long StartedAt { get; } = TimeProvider.System.GetTimestamp();

        public bool Ready => load.IsCompletedSuccessfully && load.Result is not null;

        public bool Failed => load.IsCompleted && !Ready;
    }
}
