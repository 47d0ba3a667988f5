namespace Sweeps.Core;

/// <summary>A run of a sweep after the events so far. Only <see cref="SweepState.Apply"/> changes it.</summary>
public sealed class SweepRun
{
    private double[] curve = [];

    internal SweepRun(int number, Configuration configuration, ulong seed, int bracket, string? note, int? confirms = null, int repeat = 0) =>
        (Number, Configuration, Seed, Bracket, Note, Confirms, Repeat) = (number, configuration, seed, bracket, note, confirms, repeat);

    /// <summary>Its number, from 0.</summary>
    public int Number { get; }

    /// <summary>Its hyperparameters.</summary>
    public Configuration Configuration { get; }

    public ulong Seed { get; }

    /// <summary>Its bracket, 0 for rules without brackets.</summary>
    public int Bracket { get; }

    /// <summary>The note of its creation (<see cref="RunCreated"/>), or null.</summary>
    public string? Note { get; }

    /// <summary>The run that this one confirms by training its configuration again; null for a run of the search.</summary>
    public int? Confirms { get; }

    /// <summary>The index of the confirmation's seed, from 0.</summary>
    public int Repeat { get; }

    public RunState State { get; internal set; }

    /// <summary>The number of times that it was assigned.</summary>
    public int Generation { get; internal set; }

    /// <summary>The node of its last assignment, or null.</summary>
    public string? Node { get; internal set; }

    /// <summary>
    /// Its last epoch: the smaller of its own number of epochs and the rule's R; for a run that confirms another, that run's last recorded
    /// epoch.
    /// </summary>
    public int MaxEpochs { get; internal set; }

    /// <summary>The last epoch of its assignment.</summary>
    public int Until { get; internal set; }

    /// <summary>The last recorded epoch, 0 before the first.</summary>
    public int Epoch { get; private set; }

    /// <summary>The last recorded epoch at the start of its current assignment; reports up to it are from repeated training.</summary>
    public int ResumedAt { get; internal set; }

    /// <summary>Its best value so far, oriented (smaller is better); +∞ before the first finite one.</summary>
    public double Best { get; private set; } = double.PositiveInfinity;

    /// <summary>The epoch of <see cref="Best"/>, 0 before the first finite value.</summary>
    public int BestEpoch { get; private set; }

    /// <summary>
    /// All metrics of <see cref="BestEpoch"/>, or of the last epoch while there is no finite value; null before the first.
    /// </summary>
    public IReadOnlyDictionary<string, double>? Metrics { get; private set; }

    /// <summary>Metrics of the weights of <see cref="TestEpoch"/> on the test part, or null while they have not been evaluated.</summary>
    public IReadOnlyDictionary<string, double>? Test { get; internal set; }

    /// <summary>The epoch whose weights <see cref="Test"/> belongs to, or 0. Differs from <see cref="BestEpoch"/> after the run was continued.</summary>
    public int TestEpoch { get; internal set; }

    /// <summary>Why the weights of <see cref="TestEpoch"/> could not be evaluated, or null.</summary>
    public string? TestError { get; internal set; }

    public double Seconds { get; private set; }

    /// <summary>The number of its finite values.</summary>
    public int FiniteEpochs { get; private set; }

    /// <summary>The number of failures since the last recorded epoch.</summary>
    public int Failures { get; internal set; }

    /// <summary>The number of times its node was lost.</summary>
    public int Losses { get; internal set; }

    /// <summary>The number of epochs that were trained again after losses.</summary>
    public int Wasted { get; internal set; }

    /// <summary>Whether a person or an audit pinned it: no rule stops it.</summary>
    public bool Pinned { get; internal set; }

    /// <summary>Whether reports of the current generation are rejected: the run was lost, failed or released.</summary>
    public bool Fenced { get; internal set; }

    /// <summary>The reason of its state, or null.</summary>
    public Reason? Reason { get; internal set; }

    /// <summary>
    /// The seed of the validation split of a run that confirms another; null for a run of the search, which uses that of the sweep.
    /// </summary>
    public ulong? SplitOf(ulong seed) => Confirms is null ? null : SplitMix64.Draw(seed, (ulong)Repeat, "$split");

    /// <summary>Whether it is running or waits for a slot.</summary>
    public bool Active => State is RunState.Queued or RunState.Running;

    /// <summary>Whether it has ended.</summary>
    public bool Over => State is RunState.Finished or RunState.Stopped or RunState.Diverged or RunState.Failed;

    /// <summary>The last recorded value, oriented; +∞ before the first epoch or if it is not finite.</summary>
    public double Last => Epoch == 0 ? double.PositiveInfinity : curve[Epoch - 1];

    /// <summary>The oriented values of epochs 1 … <see cref="Epoch"/>; +∞ for values that are not finite.</summary>
    public ReadOnlySpan<double> Curve => curve.AsSpan(0, Epoch);

    /// <summary>The oriented value of an epoch in 1 … <see cref="Epoch"/>.</summary>
    public double ValueAt(int epoch) => Curve[epoch - 1];

    /// <summary>The number of finite values up to an epoch.</summary>
    public int FiniteEpochsUpTo(int epoch)
    {
        if (FiniteEpochs == Epoch)
            return epoch;
        var finite = 0;
        foreach (var value in Curve[..epoch])
            finite += double.IsFinite(value) ? 1 : 0;
        return finite;
    }

    /// <summary>The <paramref name="index"/>-th finite value, from 1.</summary>
    public double FiniteValue(int index)
    {
        if (FiniteEpochs == Epoch)
            return ValueAt(index);
        foreach (var value in Curve)
            if (double.IsFinite(value) && --index == 0)
                return value;
        throw new ArgumentOutOfRangeException(nameof(index));
    }

    /// <summary>Records the next epoch. Returns the row of metrics that it stored, or <paramref name="like"/> if it stored none.</summary>
    internal MetricRow? Record(double value, IReadOnlyDictionary<string, double> metrics, double seconds, MetricRow? like)
    {
        if (Epoch == curve.Length)
            Array.Resize(ref curve, Math.Min(Math.Max(2 * Epoch, 4), Math.Max(MaxEpochs, Epoch + 1)));
        curve[Epoch] = value;
        Seconds += seconds;
        Failures = 0;
        if (!Count(value) && BestEpoch > 0)
            return like;
        var row = MetricRow.Of(metrics, like);
        Metrics = row;
        return row;
    }

    internal void Write(StateWriter writer)
    {
        writer.Configuration(Configuration);
        writer.Number((long)Seed);
        writer.Number(Bracket);
        writer.Text(Note);
        writer.Optional(Confirms);
        writer.Number(Repeat);
        writer.Number((int)State);
        writer.Number(Generation);
        writer.Text(Node);
        writer.Number(Until);
        writer.Number(ResumedAt);
        writer.Double(Seconds);
        writer.Number(Failures);
        writer.Number(Losses);
        writer.Number(Wasted);
        writer.Flag(Pinned);
        writer.Flag(Fenced);
        writer.Reason(Reason);
        writer.Metrics(Metrics);
        writer.Metrics(Test);
        writer.Number(TestEpoch);
        writer.Text(TestError);
        writer.Number(Epoch);
        foreach (var value in Curve)
            writer.Double(value);
    }

    internal static SweepRun Read(StateReader reader, int number, MetricRow? like)
    {
        var run = new SweepRun(number, reader.Configuration(), (ulong)reader.Number(), reader.Int(), reader.Text(), reader.OptionalInt(), reader.Int())
        {
            State = (RunState)reader.Int(),
            Generation = reader.Int(),
            Node = reader.Text(),
            Until = reader.Int(),
            ResumedAt = reader.Int(),
            Seconds = reader.Double(),
            Failures = reader.Int(),
            Losses = reader.Int(),
            Wasted = reader.Int(),
            Pinned = reader.Flag(),
            Fenced = reader.Flag(),
            Reason = reader.Reason(),
            Metrics = reader.Metrics() is { } metrics ? MetricRow.Of(metrics, like) : null,
            Test = reader.Metrics(),
            TestEpoch = reader.Int(),
            TestError = reader.Text(),
        };
        run.curve = new double[reader.Count()];
        foreach (ref var value in run.curve.AsSpan())
            run.Count(value = reader.Double());
        return run;
    }

    /// <summary>Counts the next value. Returns whether it is the best so far.</summary>
    private bool Count(double value)
    {
        Epoch++;
        if (double.IsFinite(value))
            FiniteEpochs++;
        if (value >= Best)
            return false;
        (Best, BestEpoch) = (value, Epoch);
        return true;
    }
}
