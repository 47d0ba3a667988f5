using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Engine;
using Engine.Data;
using Engine.Formats;
using Microsoft.Extensions.Logging;
using Sweeps.Core;
using Sweeps.Training;

namespace Sweeps.Nodes;

/// <summary>
/// What a node can train: data sets are found here, fetched from the store, or downloaded, in the background, so that a node that lacks a
/// sweep's data goes on with other sweeps and says so. A data set that could not be had is looked for here and in the store every second, so
/// that a pushed one is found at once, and at its published address every half minute.
/// </summary>
/// <param name="data">Where data sets are looked for.</param>
/// <param name="fetch">Brings a data set from the store into a folder; false when the store does not have it.</param>
/// <param name="wake">Called when a sweep can be trained after all.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Where troubles are told.</param>
public sealed class NodeTrainables(
    DataOptions data, Func<string, string, CancellationToken, Task<bool>> fetch, Action wake, TimeProvider time, ILogger logger)
{
    private readonly ConcurrentDictionary<string, Entry> entries = new();

    /// <summary>Names of the data sets that are in memory, in order.</summary>
    public IReadOnlyList<string> Loaded =>
        [.. entries.Where(entry => entry.Value.Dataset is not null).Select(entry => entry.Key).Order(StringComparer.Ordinal)];

    /// <summary>
    /// The trainable of a sweep; false with the reason while its data are not here. Never blocks. Throws what <see cref="TrainableFactory.Make"/>
    /// throws.
    /// </summary>
    public bool TryGet(SweepSpec spec, [NotNullWhen(true)] out ITrainable? trainable, [NotNullWhen(false)] out string? obstacle)
    {
        (trainable, obstacle) = (null, null);
        if (spec.Trainable is not TrainableSpec.Network network)
        {
            trainable = TrainableFactory.Make(spec, _ => throw new InvalidOperationException(), file => file, time);
            return true;
        }
        var entry = entries.GetOrAdd(network.Dataset, _ => new Entry());
        entry.Nearby.RunWhenDue(() => entry.Dataset is null, time, () => LoadAsync(network.Dataset, entry, FindAsync));
        if (data.Download)
            entry.Remote.RunWhenDue(() => entry.Dataset is null && entry.Obstacle is not null, time, () => LoadAsync(network.Dataset, entry, DownloadAsync));
        if (entry.Dataset is { } dataset)
            trainable = TrainableFactory.Make(spec, _ => dataset, file => file, time);
        else
            obstacle = entry.Obstacle ?? $"it is loading the data set {network.Dataset}";
        return trainable is not null;
    }

    private async Task LoadAsync(string name, Entry entry, Func<string, Task<Dataset>> find)
    {
        try
        {
            entry.Dataset = await find(name);
            wake();
        }
        catch (Exception e)
        {
            var why = Describe(name, e);
            if (entry.Obstacle != why)
                logger.DatasetUnusable(name, e);
            entry.Obstacle = why;
        }
    }

    /// <summary>On this machine, else in the store.</summary>
    private async Task<Dataset> FindAsync(string name)
    {
        var here = data with { Download = false };
        try
        {
            return Datasets.Shared.Load(name, here);
        }
        catch (DatasetNotFoundException) when (data.CacheFolder is not null)
        {
            if (await fetch(name, Path.Combine(data.CacheFolder, name), CancellationToken.None))
                logger.DatasetFetched(name);
            return Datasets.Shared.Load(name, here);
        }
    }

    /// <summary>From its published address. The catalog is another one: the shared one would keep <see cref="FindAsync"/> waiting meanwhile.</summary>
    private Task<Dataset> DownloadAsync(string name) => Task.FromResult(Datasets.Create().Load(name, data));

    private static string Describe(string name, Exception e) => e is DatasetNotFoundException && PublishedDataset.All.Any(known => known.Name == name)
        ? $"the data set {name} is neither there nor in the store; put it there with: ./sweep data push {name}"
        : $"the data set {name} cannot be used: {e.Message.TrimEnd('.')}";

    /// <summary>One data set and the two ways to it.</summary>
    private sealed class Entry
    {
        public Attempts Nearby { get; } = new(TimeSpan.FromSeconds(1));

        public Attempts Remote { get; } = new(TimeSpan.FromSeconds(30));

        public volatile Dataset? Dataset;

        public volatile string? Obstacle;
    }

    /// <summary>Something that is tried in the background, one try at a time, no sooner than an interval after the last began.</summary>
    private sealed class Attempts(TimeSpan interval)
    {
        private readonly Lock gate = new();
        private Task last = Task.CompletedTask;
        private long? startedAt;

        public void RunWhenDue(Func<bool> wanted, TimeProvider time, Func<Task> attempt)
        {
            lock (gate)
            {
                if (!last.IsCompleted || (startedAt is { } started && time.GetElapsedTime(started) < interval) || !wanted())
                    return;
                (startedAt, last) = (time.GetTimestamp(), Task.Run(attempt));
            }
        }
    }
}
