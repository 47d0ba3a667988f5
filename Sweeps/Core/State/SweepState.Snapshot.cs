using Sweeps.Core.Rules;

namespace Sweeps.Core;

public sealed partial class SweepState
{
    private const int SnapshotVersion = 3;

    /// <summary>
    /// The whole state as bytes: folding the same events gives the same bytes. A snapshot is a cache of the log; one of another version is
    /// to be thrown away.
    /// </summary>
    public ReadOnlyMemory<byte> ToSnapshot()
    {
        var writer = new StateWriter();
        writer.Number(SnapshotVersion);
        writer.Text(Sweep);
        writer.Text(SpecText);
        writer.Number(Seq);
        writer.Number(CreatedAt.UtcTicks);
        writer.Number(At.UtcTicks);
        writer.Number(Busy.Ticks);
        writer.Number((int)Status);
        writer.Optional((int?)Outcome);
        writer.Reason(EndReason);
        writer.Number(EpochsRecorded);
        writer.Number(EpochsWasted);
        writer.Double(Seconds);
        writer.Number(NextProposal);
        writer.Number(EnqueuedStarted);
        writer.Number(enqueued.Count);
        foreach (var configuration in enqueued)
            writer.Configuration(configuration);
        writer.Number(remembered.Count);
        foreach (var id in remembered)
            writer.Text(id);
        brackets.Write(writer);
        writer.Number(runs.Count);
        foreach (var run in runs)
            run.Write(writer);
        return writer.Written;
    }

    /// <summary>
    /// The state a snapshot holds, or null when it is of another version. Throws <see cref="FormatException"/> when it is damaged. All the
    /// indexes are rebuilt from the runs.
    /// </summary>
    public static SweepState? FromSnapshot(SpecReader read, ReadOnlyMemory<byte> snapshot)
    {
        var reader = new StateReader(snapshot);
        if (reader.Number() != SnapshotVersion)
            return null;
        var state = new SweepState(read) { Sweep = reader.NeedText(), SpecText = reader.NeedText() };
        state.Read(reader);
        return state;
    }

    private void Read(StateReader reader)
    {
        Seq = reader.Number();
        CreatedAt = new DateTimeOffset(reader.Number(), TimeSpan.Zero);
        At = new DateTimeOffset(reader.Number(), TimeSpan.Zero);
        Busy = new TimeSpan(reader.Number());
        Status = (SweepStatus)reader.Int();
        Outcome = (SweepOutcome?)reader.OptionalInt();
        EndReason = reader.Reason();
        EpochsRecorded = reader.Number();
        EpochsWasted = reader.Number();
        Seconds = reader.Double();
        NextProposal = reader.Int();
        EnqueuedStarted = reader.Int();
        for (var left = reader.Int(); left > 0; left--)
            enqueued.Add(reader.Configuration());
        for (var left = reader.Int(); left > 0; left--)
            Remember(reader.NeedText());
        brackets.Read(reader);
        for (var left = reader.Int(); left > 0; left--)
            Add(SweepRun.Read(reader, runs.Count, row));
        if (!reader.AtEnd)
            throw new FormatException("The snapshot goes on after its end.");
        if (Seq == 0)
            return;
        spec = read(SpecText);
        rules = new SweepRules(spec, brackets);
        runs.ForEach(Enter);
        runs.ForEach(Replay);
    }

    private void Add(SweepRun run)
    {
        runs.Add(run);
        row = run.Metrics as MetricRow ?? row;
        counts[(int)run.State]++;
        known.TryAdd(run.Configuration, run.Number);
        if (run.State == RunState.Queued)
            queue.Add(run.Number);
        if (run.State == RunState.Running)
            running.Add(run.Number);
        if (run.Over)
            over.Add(run.Number);
        if (run.BestEpoch > 0)
            ranking.Add((run.Best, run.Number));
    }
}
