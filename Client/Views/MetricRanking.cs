using Sweeps.Core;

namespace Client.Views;

/// <summary>Runs ranked by the best value of a metric that need not be the objective.</summary>
public sealed class MetricRanking
{
    // Words in the names of metrics for which smaller is better.
    private static readonly string[] Losses = ["loss", "error", "err", "rmse", "mse", "mae", "perplexity", "ppl", "seconds", "time", "wer", "cer"];

    private readonly SweepHistory history;
    private readonly Dictionary<int, (double Value, int Epoch)> best;

    private MetricRanking(SweepHistory history, string head, IReadOnlyList<SweepRun> runs, Dictionary<int, (double, int)> best) =>
        (this.history, Head, Runs, this.best) = (history, head, runs, best);

    /// <summary>The metric and its direction: <c>val_loss, lowest</c>.</summary>
    public string Head { get; }

    /// <summary>The runs with a finite value, best first, ties by number.</summary>
    public IReadOnlyList<SweepRun> Runs { get; }

    /// <summary>
    /// The ranking by <c>NAME</c>, <c>NAME:min</c> or <c>NAME:max</c>. The default direction is the goal for the objective; for other
    /// metrics it is guessed from the name. Throws <see cref="UsageException"/> when no epoch has the metric.
    /// </summary>
    public static MetricRanking Of(SweepHistory history, RecordedEpochs epochs, string metric)
    {
        var (word, direction) = metric switch
        {
            _ when metric.EndsWith(":min", StringComparison.Ordinal) => (metric[..^4], Goal.Minimize),
            _ when metric.EndsWith(":max", StringComparison.Ordinal) => (metric[..^4], Goal.Maximize),
            _ when metric == history.Spec.Objective.Name => (metric, history.Spec.Objective.Goal),
            _ => (metric, metric.ToLowerInvariant().Split('_', '/', '.', '-').Any(Losses.Contains) ? Goal.Minimize : Goal.Maximize),
        };
        var name = epochs.Find(word);
        var oriented = new Objective(name, direction);
        var best = new Dictionary<int, (double Value, int Epoch)>();
        foreach (var run in history.State.Runs)
            foreach (var epoch in epochs.Of(run.Number))
                if (oriented.Of(epoch.Metrics) is var value && double.IsFinite(value) && (!best.TryGetValue(run.Number, out var before) || value < before.Value))
                    best[run.Number] = (value, epoch.Epoch);
        var runs = history.State.Runs.Where(run => best.ContainsKey(run.Number)).OrderBy(run => best[run.Number].Value).ToList();
        foreach (var run in best.Keys.ToList())
            best[run] = best[run] with { Value = oriented.Orient(best[run].Value) };
        return new MetricRanking(history, $"{name}, {(direction == Goal.Minimize ? "lowest" : "highest")}", runs, best);
    }

    /// <summary>The view of a run with the metric instead of the objective.</summary>
    public RunView ViewOf(SweepRun run) => history.ViewOf(run) with { Best = best[run.Number].Value, BestEpoch = best[run.Number].Epoch };
}
