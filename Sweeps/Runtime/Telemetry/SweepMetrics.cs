using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Sweeps.Telemetry;

/// <summary>
/// All metrics of the product. The number of series is bounded: labels are sweeps, states, rules and rungs, never runs, and histograms have no labels,
/// so that a sweep adds at most fifty series to a node. The Prometheus exporter replaces dots by underscores and appends the unit and, for counters,
/// <c>_total</c>: <c>sweep.append.duration</c> becomes <c>sweep_append_duration_seconds</c>.
/// </summary>
public sealed class SweepMetrics : IDisposable
{
    /// <summary>The name of the <see cref="Meter"/>.</summary>
    public const string MeterName = "Sweeps";

    /// <summary>Histogram boundaries in seconds for operations of coordinators and stores: 0.1 ms … 10 s.</summary>
    public static readonly IReadOnlyList<double> OperationSeconds = [.0001, .0005, .001, .005, .01, .05, .1, .5, 1, 10];

    /// <summary>Histogram boundaries in seconds for epochs: 10 ms … 10 min.</summary>
    public static readonly IReadOnlyList<double> EpochSeconds = [.01, .05, .1, .5, 1, 5, 10, 60, 600];

    private readonly Meter meter = new(MeterName);
    private readonly ConcurrentDictionary<string, Func<SweepGauges>> sweeps = new();
    private readonly ConcurrentDictionary<string, Func<NodeGauges>> nodes = new();

    private readonly Counter<long> recorded, trained, wasted, samples, promotions, stops, losses, failures;
    private readonly Counter<double> epochSeconds;
    private readonly Counter<long> checkpointBytes, checkpointErrors, appendErrors;
    private readonly Histogram<double> epochDuration, verdictDuration, appendDuration, decisionDuration, checkpointDuration;
    private readonly Histogram<int> appendEvents;

    /// <summary>Creates the instruments.</summary>
    public SweepMetrics()
    {
        recorded = meter.CreateCounter<long>("sweep.epochs.recorded", "{epoch}", "Epochs in the log, each counted once.");
        trained = meter.CreateCounter<long>("sweep.epochs.trained", "{epoch}", "Epochs trained on this node, repetitions included.");
        wasted = meter.CreateCounter<long>("sweep.epochs.wasted", "{epoch}", "Epochs trained again after a loss.");
        samples = meter.CreateCounter<long>("sweep.samples", "{sample}", "Training samples seen on this node.");
        epochSeconds = meter.CreateCounter<double>("sweep.epochs.time", "s", "Slot time spent in epochs on this node.");
        promotions = meter.CreateCounter<long>("sweep.promotions", "{run}", "Runs promoted past a rung.");
        stops = meter.CreateCounter<long>("sweep.stops", "{run}", "Runs ended, by the rule that ended them.");
        losses = meter.CreateCounter<long>("sweep.losses", "{run}", "Assignments lost with their node.");
        failures = meter.CreateCounter<long>("sweep.failures", "{run}", "Assignments ended by an error.");
        checkpointBytes = meter.CreateCounter<long>("sweep.checkpoint.written", "By", "Checkpoint bytes written by this node.");
        checkpointErrors = meter.CreateCounter<long>("sweep.checkpoint.errors", "{error}", "Checkpoints that could not be written or read.");
        appendErrors = meter.CreateCounter<long>("sweep.append.errors", "{error}", "Appends to the log that failed, conflicts not included.");
        epochDuration = Seconds("sweep.epoch.duration", "Wall time of an epoch, validation included.", EpochSeconds);
        verdictDuration = Seconds("sweep.verdict.duration", "From sending a report to its verdict, as the node sees it.", OperationSeconds);
        appendDuration = Seconds("sweep.append.duration", "One durable append to the log.", OperationSeconds);
        decisionDuration = Seconds("sweep.decision.duration", "One decision of the state machine.", OperationSeconds);
        checkpointDuration = Seconds("sweep.checkpoint.duration", "Writing one checkpoint.", OperationSeconds);
        appendEvents = meter.CreateHistogram("sweep.append.events", "{event}", "Events in one append.",
            advice: new InstrumentAdvice<int> { HistogramBucketBoundaries = [1, 2, 5, 10, 50, 100, 500] });

        meter.CreateObservableGauge("sweep.runs", () => PerSweep(g => g.RunsByState.Select(s => Of(g, s.Value, "state", s.Key))), "{run}",
            "Runs by state.");
        meter.CreateObservableGauge("sweep.rung.runs", () => PerSweep(RungRuns), "{run}", "Runs that have reached a rung.");
        meter.CreateObservableGauge("sweep.queue.length", () => PerSweep(g => [Of(g, g.Queued)]), "{run}", "Runs that would start if there were slots.");
        meter.CreateObservableGauge("sweep.objective.best", () => PerSweep(g => g.Best is { } best ? [Of(g, best)] : []), null,
            "Best objective value so far.");
        meter.CreateObservableGauge("sweep.remaining", () => PerSweep(g => g.RemainingSeconds is { } left ? [Of(g, left)] : []), "s",
            "Estimated time to the end.");
        meter.CreateObservableGauge("sweep.active", () => PerSweep(g => [Of(g, g.Active ? 1 : 0)]), null,
            "1 while the sweep has work to do and is not paused.");

        meter.CreateObservableGauge("sweep.slots", () => PerNode(n => n.Slots), "{slot}", "Slots of this node.");
        meter.CreateObservableGauge("sweep.slots.busy", () => PerNode(n => n.Busy), "{slot}", "Slots that are training.");
        meter.CreateObservableGauge("sweep.node.up", () => PerNode(_ => 1), null, "1 while the node is up.");
        meter.CreateObservableGauge("sweep.node.draining", () => PerNode(n => n.Draining ? 1 : 0), null, "1 while the node is draining.");
        meter.CreateObservableGauge("sweep.disk.free", () => PerNode(n => n.DiskFree), "By", "Free bytes on the disk for temporary files.");
        meter.CreateObservableGauge("sweep.disk.size", () => PerNode(n => n.DiskSize), "By", "Size of the disk for temporary files.");
    }

    /// <summary>Publishes the gauges of a sweep until the result is disposed. Called by the process of its coordinator.</summary>
    public IDisposable ShowSweep(string sweep, Func<SweepGauges> read)
    {
        // Publish zeros: if a counter appeared only with its first error, Prometheus would compute no increase.
        foreach (var counter in (Counter<long>[])[recorded, wasted, promotions, losses, failures, appendErrors, checkpointErrors])
            counter.Add(0, Sweep(sweep));
        return new Registration<SweepGauges>(sweeps, sweep, read);
    }

    /// <summary>Publishes the gauges of a node until the result is disposed.</summary>
    public IDisposable ShowNode(string node, Func<NodeGauges> read) => new Registration<NodeGauges>(nodes, node, read);

    /// <summary>Counts an epoch that was appended to the log.</summary>
    public void EpochRecorded(string sweep) => recorded.Add(1, Sweep(sweep));

    /// <summary>Counts an epoch that this node trained.</summary>
    public void EpochTrained(string sweep, double seconds, int sampleCount)
    {
        trained.Add(1, Sweep(sweep));
        samples.Add(sampleCount, Sweep(sweep));
        epochSeconds.Add(seconds, Sweep(sweep));
        epochDuration.Record(seconds);
    }

    /// <summary>Counts epochs that were trained again after a loss.</summary>
    public void EpochsWasted(string sweep, int epochs) => wasted.Add(epochs, Sweep(sweep));

    public void Promoted(string sweep) => promotions.Add(1, Sweep(sweep));

    /// <summary>Counts a run that a rule ended.</summary>
    public void Stopped(string sweep, string rule) => stops.Add(1, Sweep(sweep), new("rule", rule));

    /// <summary>Counts an assignment that was lost with its node.</summary>
    public void Lost(string sweep) => losses.Add(1, Sweep(sweep));

    /// <summary>Counts an assignment that an error ended.</summary>
    public void Failed(string sweep) => failures.Add(1, Sweep(sweep));

    /// <summary>Records the time from sending a report to its verdict.</summary>
    public void VerdictReceived(TimeSpan duration) => verdictDuration.Record(duration.TotalSeconds);

    /// <summary>Records a durable append.</summary>
    public void Appended(int events, TimeSpan duration)
    {
        appendDuration.Record(duration.TotalSeconds);
        appendEvents.Record(events);
    }

    /// <summary>Counts an append that failed for another reason than a conflict.</summary>
    public void AppendFailed(string sweep) => appendErrors.Add(1, Sweep(sweep));

    /// <summary>Records the mean decision time of a batch.</summary>
    public void Decided(TimeSpan duration) => decisionDuration.Record(duration.TotalSeconds);

    public void CheckpointWritten(string sweep, long bytes, TimeSpan duration)
    {
        checkpointBytes.Add(bytes, Sweep(sweep));
        checkpointDuration.Record(duration.TotalSeconds);
    }

    /// <summary>Counts a checkpoint that could not be written or read.</summary>
    public void CheckpointFailed(string sweep) => checkpointErrors.Add(1, Sweep(sweep));

    /// <inheritdoc/>
    public void Dispose() => meter.Dispose();

    private Histogram<double> Seconds(string name, string description, IReadOnlyList<double> boundaries) =>
        meter.CreateHistogram(name, "s", description, advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = boundaries });

    private static KeyValuePair<string, object?> Sweep(string sweep) => new("sweep", sweep);

    private IEnumerable<Measurement<double>> PerSweep(Func<SweepGauges, IEnumerable<Measurement<double>>> measure) =>
        sweeps.Values.SelectMany(read => measure(read()));

    private IEnumerable<Measurement<double>> PerNode(Func<NodeGauges, double> measure) =>
        nodes.Select(node => new Measurement<double>(measure(node.Value()), new KeyValuePair<string, object?>("node", node.Key)));

    private static IEnumerable<Measurement<double>> RungRuns(SweepGauges gauges) => gauges.RunsByRung.Take(15).Select(rung => new Measurement<double>(
        rung.Runs, Sweep(gauges.Sweep), new("bracket", rung.Bracket), new("rung", rung.Epoch)));

    private static Measurement<double> Of(SweepGauges gauges, double value) => new(value, Sweep(gauges.Sweep));

    private static Measurement<double> Of(SweepGauges gauges, double value, string label, string content) =>
        new(value, Sweep(gauges.Sweep), new(label, content));

    private sealed class Registration<T> : IDisposable
    {
        private readonly ConcurrentDictionary<string, Func<T>> all;
        private readonly KeyValuePair<string, Func<T>> entry;

        public Registration(ConcurrentDictionary<string, Func<T>> all, string key, Func<T> read)
        {
            (this.all, entry) = (all, new(key, read));
            all[key] = read;
        }

        /// <summary>Removes the entry unless a later registration has replaced it.</summary>
        public void Dispose() => all.TryRemove(entry);
    }
}

/// <summary>The values of a sweep's gauges.</summary>
/// <param name="Sweep">The sweep's id.</param>
/// <param name="Active">Whether there is work to do and the sweep is not paused.</param>
/// <param name="RunsByState">Runs by state: <c>queued</c>, <c>running</c>, <c>paused</c>, <c>finished</c>, <c>stopped</c>, <c>diverged</c>, <c>failed</c>.</param>
/// <param name="RunsByRung">The number of runs that have reached each rung, the lowest first; at most fifteen are published.</param>
/// <param name="Queued">The number of runs that would start if there were free slots.</param>
/// <param name="Best">The best objective value, as reported; null before the first finite one.</param>
/// <param name="RemainingSeconds">The estimated time to the end in seconds; null if it is unknown.</param>
public sealed record SweepGauges(
    string Sweep, bool Active, IReadOnlyDictionary<string, int> RunsByState, IReadOnlyList<RungGauge> RunsByRung, int Queued, double? Best,
    double? RemainingSeconds);

/// <summary>Runs that have reached a rung.</summary>
public sealed record RungGauge(int Bracket, int Epoch, int Runs);

/// <summary>The values of a node's gauges.</summary>
/// <param name="Slots">The number of slots.</param>
/// <param name="Busy">The number of slots in use.</param>
/// <param name="Draining">Whether the node drains.</param>
/// <param name="DiskFree">The free bytes on the disk for temporary files.</param>
/// <param name="DiskSize">The size of that disk in bytes.</param>
public sealed record NodeGauges(int Slots, int Busy, bool Draining, long DiskFree, long DiskSize);
