using System.Text.Json;
using Sweeps.Core;

namespace Sweeps.Log.Json;

/// <summary>
/// Reads what <see cref="EventWriter"/> wrote. Fields may come in any order (<c>jsonb</c> sorts them). Used by one thread at a time.
/// Throws <see cref="InvalidDataException"/> for what is damaged and <see cref="LogVersionException"/> for what a newer version wrote.
/// </summary>
internal sealed class EventReader
{
    private readonly Names names = new();

    /// <summary>Reads one line of a folder log, without its line feed.</summary>
    public LoggedEvent Line(ReadOnlySpan<byte> line, out bool more)
    {
        var fields = new EventFields();
        Fill(ref fields, line);
        more = fields.More;
        if (fields.Type is null)
            throw new InvalidDataException("An event lacks its type.");
        return new LoggedEvent(fields.Seq, fields.At, Build(ref fields));
    }

    /// <summary>Reads the payload of one row of a PostgreSQL log.</summary>
    public LoggedEvent Payload(long seq, DateTimeOffset at, string type, ReadOnlySpan<byte> payload)
    {
        var fields = new EventFields { Seq = seq, At = at, Type = type };
        Fill(ref fields, payload);
        return new LoggedEvent(seq, at, Build(ref fields));
    }

    private void Fill(ref EventFields fields, ReadOnlySpan<byte> utf8)
    {
        try
        {
            var json = new Utf8JsonReader(utf8);
            if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
                throw new JsonException("An event is a JSON object.");
            fields.Read(ref json, names);
            if (json.Read())
                throw new JsonException("Something follows the event.");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or ArgumentException)
        {
            throw fields.Version > EventFormat.NewestOf(fields.Type) ? Newer(fields) : new InvalidDataException(e.Message, e);
        }
    }

    /// <summary>A later version of an event has the fields of the one before and optional ones, so one reader serves all.</summary>
    private static SweepEvent Build(ref EventFields f) => f.Version switch
    {
        var version when version > EventFormat.NewestOf(f.Type) => throw Newer(f),
        >= 1 => BuildKnown(ref f),
        _ => throw new InvalidDataException($"Event {f.Seq} ('{f.Type}') has version {f.Version}; versions count from 1."),
    };

    private static SweepEvent BuildKnown(ref EventFields f) => f.Type switch
    {
        "epoch_recorded" => new EpochRecorded(
            f.Number(f.Run, "run"), f.Number(f.Generation, "generation"), f.Number(f.Epoch, "epoch"), f.Need(f.Metrics, "metrics"),
            f.Seconds, f.Verdict),
        "run_assigned" => new RunAssigned(
            f.Number(f.Run, "run"), f.Number(f.Generation, "generation"), f.Need(f.Node, "node"), f.Number(f.Until, "until")),
        "run_created" => new RunCreated(
            f.Number(f.Run, "run"), f.Need(f.Configuration, "configuration"), f.Seed, f.Number(f.Bracket, "bracket"), f.Note, f.Proposal, f.Seen),
        "run_paused" => new RunPaused(f.Number(f.Run, "run"), f.Need(f.Reason, "reason")),
        "run_promoted" => new RunPromoted(f.Number(f.Run, "run"), f.Need(f.Reason, "reason")),
        "run_stopped" => new RunStopped(f.Number(f.Run, "run"), f.Need(f.Reason, "reason")),
        "run_finished" => new RunFinished(f.Number(f.Run, "run"), f.Need(f.Reason, "reason")),
        "run_diverged" => new RunDiverged(f.Number(f.Run, "run"), f.Need(f.Reason, "reason")),
        "run_failed" => new RunFailed(
            f.Number(f.Run, "run"), f.Number(f.Generation, "generation"), f.Need(f.Error, "error"), f.Permanent),
        "run_lost" => new RunLost(
            f.Number(f.Run, "run"), f.Number(f.Generation, "generation"), f.Need(f.Node, "node"), f.Need(f.Why, "why")),
        "run_released" => new RunReleased(f.Number(f.Run, "run"), f.Number(f.Generation, "generation"), f.Need(f.Node, "node")),
        "epochs_wasted" => new EpochsWasted(
            f.Number(f.Run, "run"), f.Number(f.Generation, "generation"), f.Number(f.Epochs, "epochs"), f.Why),
        "test_evaluated" => new TestEvaluated(f.Number(f.Run, "run"), f.Number(f.Epoch, "epoch"), f.Need(f.Metrics, "metrics"), f.Error),
        "sweep_created" => new SweepCreated(f.Need(f.Sweep, "sweep"), f.Need(f.Spec, "spec"), f.Need(f.By, "by")),
        "sweep_steered" => new SweepSteered(f.Need(f.By, "by"), f.Need(f.Why, "why"), f.Need(f.Action, "action"), f.Id),
        "sweep_ended" => new SweepEnded(f.Need(f.Outcome, "outcome")!.Value, f.Need(f.Reason, "reason")),
        _ => throw new LogVersionException(
            $"Event {f.Seq} is of type '{f.Type}' (version {f.Version}), which this version ({Product.Version}) does not know: a newer "
            + "version of this program wrote the log. Read it with that version."),
    };

    private static LogVersionException Newer(in EventFields f) => new(
        $"Event {f.Seq} ('{f.Type}') is written in version {f.Version} of its format; this version of the program ({Product.Version}) reads "
        + $"up to {EventFormat.NewestOf(f.Type)}. A newer version wrote the log: read it with that version.");
}
