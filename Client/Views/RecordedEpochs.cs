using Engine;
using Sweeps.Core;

namespace Client.Views;

/// <summary>All metrics of all epochs of a sweep, from its log; <see cref="SweepState"/> stores only the objective of each epoch.</summary>
public sealed class RecordedEpochs
{
    private readonly Dictionary<int, List<RecordedEpoch>> runs = [];

    public RecordedEpochs(IEnumerable<LoggedEvent> log)
    {
        foreach (var logged in log)
        {
            if (logged.Event is not EpochRecorded epoch)
                continue;
            if (!runs.TryGetValue(epoch.Run, out var epochs))
                runs.Add(epoch.Run, epochs = []);
            epochs.Add(new RecordedEpoch(epoch.Epoch, logged.At, epoch.Seconds, epoch.Metrics));
        }
        Metrics = [.. runs.Values.SelectMany(epochs => epochs).SelectMany(epoch => epoch.Metrics.Keys).Distinct().Order(StringComparer.Ordinal)];
    }

    /// <summary>The names of all metrics, sorted.</summary>
    public IReadOnlyList<string> Metrics { get; }

    /// <summary>The epochs of a run, in order.</summary>
    public IReadOnlyList<RecordedEpoch> Of(int run) => runs.GetValueOrDefault(run) ?? [];

    /// <summary>The values of a metric, epoch 1 first; NaN for an epoch without it.</summary>
    public IReadOnlyList<double> Curve(int run, string metric) =>
        [.. Of(run).Select(epoch => epoch.Metrics.TryGetValue(metric, out var value) ? value : double.NaN)];

    /// <summary>Returns <paramref name="metric"/>. Throws <see cref="UsageException"/> when no epoch has it.</summary>
    public string Find(string metric) => Metrics.Contains(metric) ? metric
        : throw new UsageException($"--metric: no epoch has '{metric}'. {DidYouMean.Hint(metric, Metrics)}");
}

/// <summary>One epoch of a run.</summary>
/// <param name="Epoch">The epoch, from 1.</param>
/// <param name="At">The time at which it was recorded.</param>
/// <param name="Seconds">The duration of training and validation.</param>
/// <param name="Metrics">The metrics as reported.</param>
public readonly record struct RecordedEpoch(int Epoch, DateTimeOffset At, double Seconds, IReadOnlyDictionary<string, double> Metrics);
