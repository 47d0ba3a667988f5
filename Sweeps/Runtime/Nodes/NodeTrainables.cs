using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Engine;
using Engine.Data;
using Engine.Formats;
using Microsoft.Extensions.Logging;
using Sweeps.Core;
using Sweeps.Programs;
using Sweeps.Training;

namespace Sweeps.Nodes;

/// <summary>
/// Provides the trainables of a node's sweeps. It loads data sets in the background from this machine, the store or their published address, so that
/// a node that lacks the data set of one sweep continues with other sweeps. It looks for a missing data set on this machine and in the store every
/// second, so that a pushed data set is found at once, and at the published address every 30 seconds.
/// </summary>
/// <param name="data">The folders with data sets.</param>
/// <param name="fetch">Copies a data set from the store into a folder; false if the store does not have it.</param>
/// <param name="wake">Called when a data set has been loaded.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Receives failures.</param>
public sealed partial class NodeTrainables(
    DataOptions data, Func<string, string, CancellationToken, Task<bool>> fetch, Action wake, TimeProvider time, ILogger logger)
{
    private readonly ConcurrentDictionary<string, Entry> entries = new();

    /// <summary>The resources of this node that runs can request. Default: null, requests are not checked.</summary>
    public NodeResources? Resources { get; init; }

    /// <summary>The settings with which this node runs programs. Default: null, it runs none.</summary>
    public ProgramHost? Programs { get; init; }

    /// <summary>The names of the data sets in memory, sorted.</summary>
    public IReadOnlyList<string> Loaded =>
        [.. entries.Where(entry => entry.Value.Dataset is not null).Select(entry => entry.Key).Order(StringComparer.Ordinal)];

    /// <summary>
    /// Gets the trainable of a sweep. Returns false with the reason in <paramref name="obstacle"/> if this node may not run the program, lacks resources,
    /// or has not loaded the data set yet. Does not block. Throws the exceptions of <see cref="TrainableFactory.Make"/>.
    /// </summary>
    public bool TryGet(SweepSpec spec, [NotNullWhen(true)] out ITrainable? trainable, [NotNullWhen(false)] out string? obstacle)
    {
        (trainable, obstacle) = (null, null);
        if (spec.Trainable is ProgramSpec program && (obstacle = ProgramPolicy.Refusal(program, Programs) ?? Resources?.Lack(program.Resources)) is not null)
            return false;
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
                DatasetUnusable(logger, name, e);
            entry.Obstacle = why;
        }
    }

    /// <summary>Loads a data set from this machine, else from the store.</summary>
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
                DatasetFetched(logger, name);
            return Datasets.Shared.Load(name, here);
        }
    }

    /// <summary>Loads a data set from its published address, with a catalog of its own: the shared one would block <see cref="FindAsync"/> meanwhile.</summary>
    private Task<Dataset> DownloadAsync(string name) => Task.FromResult(Datasets.Create().Load(name, data));

    private static string Describe(string name, Exception e) => e is DatasetNotFoundException && PublishedDataset.All.Any(known => known.Name == name)
        ? $"the data set {name} is neither there nor in the store; put it there with: ./sweep data push {name}"
        : $"the data set {name} cannot be used: {e.Message.TrimEnd('.')}";

    [LoggerMessage(310, LogLevel.Information, "Data set {Dataset} was fetched from the store.")]
    private static partial void DatasetFetched(ILogger logger, string dataset);

    [LoggerMessage(311, LogLevel.Warning, "Data set {Dataset} is not available; this node takes no work that needs it until it is.")]
    private static partial void DatasetUnusable(ILogger logger, string dataset, Exception error);

    /// <summary>A data set and the attempts to load it.</summary>
    private sealed class Entry
    {
        public Attempts Nearby { get; } = new(TimeSpan.FromSeconds(1));

        public Attempts Remote { get; } = new(TimeSpan.FromSeconds(30));

        public volatile Dataset? Dataset;

        public volatile string? Obstacle;
    }

    /// <summary>Runs attempts in the background, one at a time, at most one per interval.</summary>
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
