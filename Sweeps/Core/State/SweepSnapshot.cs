namespace Sweeps.Core;

/// <summary>
/// The snapshot of a <see cref="SweepState"/>: a cache of the events up to one event. States after the same events give the same bytes.
/// </summary>
public static class SweepSnapshot
{
    private const int Version = 6;

    /// <summary>Writes the whole state.</summary>
    public static ReadOnlyMemory<byte> Write(SweepState state)
    {
        var writer = new StateWriter();
        writer.Number(Version);
        writer.Text(state.Sweep);
        writer.Text(state.SpecText);
        writer.Number(state.Seq);
        writer.Number(state.CreatedAt.UtcTicks);
        writer.Number(state.At.UtcTicks);
        writer.Number(state.Busy.Ticks);
        writer.Number((int)state.Status);
        writer.Optional((int?)state.Outcome);
        writer.Reason(state.EndReason);
        writer.Optional(state.EndHookRan ? 1 : null);
        writer.Text(state.FailedHook?.Name);
        writer.Text(state.FailedHook?.Error);
        writer.Number(state.EpochsRecorded);
        writer.Number(state.EpochsWasted);
        writer.Double(state.Seconds);
        writer.Number(state.NextProposal);
        writer.Number(state.EnqueuedStarted);
        writer.Number(state.Enqueued.Count);
        foreach (var configuration in state.Enqueued)
            writer.Configuration(configuration);
        writer.Number(state.CommandIds.Count);
        foreach (var id in state.CommandIds)
            writer.Text(id);
        writer.Number(state.TestsWanted.Count);
        foreach (var run in state.TestsWanted)
            writer.Number(run);
        writer.Number(state.Programs.Count);
        foreach (var program in state.Programs)
            writer.Text(program);
        state.Brackets.Write(writer);
        Review.Write(writer, state.Confirmation);
        Review.Write(writer, state.Audit);
        writer.Number(state.Runs.Count);
        foreach (var run in state.Runs)
            run.Write(writer);
        return writer.Written;
    }

    /// <summary>
    /// Reads a state from a snapshot. Returns null when the snapshot has another version; the caller must then replay the log. Throws
    /// <see cref="FormatException"/> when it is damaged. All indexes are rebuilt from the runs.
    /// </summary>
    public static SweepState? Read(SpecReader read, ReadOnlyMemory<byte> snapshot)
    {
        var reader = new StateReader(snapshot);
        if (reader.Number() != Version)
            return null;
        try
        {
            return ReadState(read, reader);
        }
        catch (Exception e) when (e is not (FormatException or OutOfMemoryException))
        {
            // A damaged number may be an impossible time, state or run, so that any step below can throw. The log still has the state.
            throw new FormatException($"The snapshot is damaged: {e.Message}", e);
        }
    }

    private static SweepState ReadState(SpecReader read, StateReader reader)
    {
        var state = new SweepState(read)
        {
            Sweep = reader.NeedText(),
            SpecText = reader.NeedText(),
            Seq = reader.Number(),
            CreatedAt = new DateTimeOffset(reader.Number(), TimeSpan.Zero),
            At = new DateTimeOffset(reader.Number(), TimeSpan.Zero),
            Busy = new TimeSpan(reader.Number()),
            Status = (SweepStatus)reader.Int(),
            Outcome = (SweepOutcome?)reader.OptionalInt(),
            EndReason = reader.Reason(),
            EndHookRan = reader.OptionalInt() is not null,
            FailedHook = (reader.Text(), reader.Text()) is ({ } hook, var error) ? new HookRan(hook, error) : null,
            EpochsRecorded = reader.Number(),
            EpochsWasted = reader.Number(),
            Seconds = reader.Double(),
            NextProposal = reader.Int(),
            EnqueuedStarted = reader.Int(),
        };
        for (var left = reader.Int(); left > 0; left--)
            state.Enqueued.Add(reader.Configuration());
        for (var left = reader.Int(); left > 0; left--)
            state.AddCommandId(reader.NeedText());
        for (var left = reader.Int(); left > 0; left--)
            state.TestsWanted.Add(reader.Int());
        for (var left = reader.Int(); left > 0; left--)
            state.AddProgram(reader.NeedText());
        state.Brackets.Read(reader);
        state.Confirmation = Review.Read(reader);
        state.Audit = Review.Read(reader);
        for (var left = reader.Int(); left > 0; left--)
        {
            var run = state.ReadRun(reader);
            // Brackets are opened in order, so that a run's bracket cannot exceed its number. All brackets up to it are created below.
            if (run.Bracket > run.Number)
                throw new FormatException($"The snapshot is damaged: run {run.Number} is in bracket {run.Bracket}.");
            state.Add(run);
        }
        if (!reader.AtEnd)
            throw new FormatException("The snapshot goes on after its end.");
        if (state.Seq == 0)
            return state;
        state.Use(read(state.SpecText));
        foreach (var run in state.Runs)
            state.AddToRules(run);
        foreach (var run in state.Runs)
            state.ReplayToRules(run);
        return state;
    }
}
