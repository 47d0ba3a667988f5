using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Sweeps.Core;

namespace Sweeps.Log.Json;

/// <summary>Writes events as JSON: complete lines for the folder log, payloads for PostgreSQL. Not thread-safe.</summary>
internal sealed class EventWriter : IDisposable
{
    private readonly ArrayBufferWriter<byte> buffer = new(64 * 1024);
    private readonly Utf8JsonWriter json;

    public EventWriter() =>
        json = new(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });

    /// <summary>The bytes written since <see cref="Clear"/>.</summary>
    public ReadOnlyMemory<byte> Written => buffer.WrittenMemory;

    public void Clear() => buffer.ResetWrittenCount();

    /// <summary>
    /// Writes one line. <paramref name="more"/> states that the next line belongs to the same append, so that a reader detects an append that a crash has
    /// cut after this line.
    /// </summary>
    public void Line(LoggedEvent logged, bool more)
    {
        json.WriteStartObject();
        json.WriteNumber("seq"u8, logged.Seq);
        json.WriteString("at"u8, logged.At.UtcDateTime);
        json.WriteString("type"u8, EventFormat.Name(logged.Event));
        Fields(logged.Event);
        if (more)
            json.WriteBoolean("more"u8, true);
        json.WriteEndObject();
        json.Flush();
        json.Reset();
        buffer.GetSpan(1)[0] = (byte)'\n';
        buffer.Advance(1);
    }

    /// <summary>Writes the fields of the event as one object, without sequence number, time and type.</summary>
    public void Payload(SweepEvent e)
    {
        json.WriteStartObject();
        Fields(e);
        json.WriteEndObject();
        json.Flush();
        json.Reset();
    }

    public void Dispose() => json.Dispose();

    private void Fields(SweepEvent e)
    {
        json.WriteNumber("v"u8, EventFormat.VersionOf(e));
        switch (e)
        {
            case EpochRecorded recorded:
                Run(recorded.Run, recorded.Generation);
                json.WriteNumber("epoch"u8, recorded.Epoch);
                Metrics(recorded.Metrics);
                Number("seconds"u8, recorded.Seconds);
                json.WriteString("verdict"u8, EventFormat.Name(recorded.Verdict));
                break;
            case RunAssigned assigned:
                Run(assigned.Run, assigned.Generation);
                json.WriteString("node"u8, assigned.Node);
                json.WriteNumber("until"u8, assigned.UntilEpoch);
                break;
            case RunCreated created:
                json.WriteNumber("run"u8, created.Run);
                json.WritePropertyName("configuration"u8);
                ConfigurationJson.Write(json, created.Configuration);
                json.WriteNumber("seed"u8, created.Seed);
                json.WriteNumber("bracket"u8, created.Bracket);
                Optional("note"u8, created.Note);
                Optional("proposal"u8, created.Proposal);
                if (created.Seen is { } seen)
                    json.WriteNumber("seen"u8, seen);
                if (created.Confirms is { } confirms)
                {
                    json.WriteNumber("confirms"u8, confirms);
                    json.WriteNumber("repeat"u8, created.Repeat);
                }
                break;
            case ReviewStarted started:
                json.WriteBoolean("audit"u8, started.Audit);
                json.WriteStartArray("runs"u8);
                foreach (var run in started.Runs)
                    json.WriteNumberValue(run);
                json.WriteEndArray();
                json.WriteNumber("seeds"u8, started.Seeds);
                json.WriteString("outcome"u8, EventFormat.Name(started.Outcome));
                Reason(started.Reason);
                break;
            case RunPaused paused:
                Because(paused.Run, paused.Reason);
                break;
            case RunPromoted promoted:
                Because(promoted.Run, promoted.Reason);
                break;
            case RunStopped stopped:
                Because(stopped.Run, stopped.Reason);
                break;
            case RunFinished finished:
                Because(finished.Run, finished.Reason);
                break;
            case RunDiverged diverged:
                Because(diverged.Run, diverged.Reason);
                break;
            case RunFailed failed:
                Run(failed.Run, failed.Generation);
                json.WriteString("error"u8, failed.Error);
                json.WriteBoolean("permanent"u8, failed.Permanent);
                break;
            case RunLost lost:
                Run(lost.Run, lost.Generation);
                json.WriteString("node"u8, lost.Node);
                json.WriteString("why"u8, lost.Why);
                break;
            case RunReleased released:
                Run(released.Run, released.Generation);
                json.WriteString("node"u8, released.Node);
                break;
            case EpochsWasted wasted:
                Run(wasted.Run, wasted.Generation);
                json.WriteNumber("epochs"u8, wasted.Epochs);
                if (wasted.Why is { } whyWasted)
                    json.WriteString("why"u8, whyWasted);
                break;
            case RunNoted noted:
                Run(noted.Run, noted.Generation);
                json.WriteString("topic"u8, noted.Topic);
                json.WriteString("note"u8, noted.Text);
                break;
            case TestEvaluated evaluated:
                json.WriteNumber("run"u8, evaluated.Run);
                json.WriteNumber("epoch"u8, evaluated.Epoch);
                Metrics(evaluated.Metrics);
                if (evaluated.Error is { } error)
                    json.WriteString("error"u8, error);
                break;
            case HookRan ran:
                json.WriteString("hook"u8, ran.Name);
                Optional("error"u8, ran.Error);
                break;
            case SweepCreated created:
                json.WriteString("sweep"u8, created.Sweep);
                json.WriteString("spec"u8, created.Spec);
                json.WriteString("by"u8, created.By);
                break;
            case SweepSteered steered:
                json.WriteString("by"u8, steered.By);
                json.WriteString("why"u8, steered.Why);
                Action(steered.Action);
                Optional("id"u8, steered.Id);
                break;
            case SweepEnded ended:
                json.WriteString("outcome"u8, EventFormat.Name(ended.Outcome));
                Reason(ended.Reason);
                break;
        }
    }

    private void Run(int run, int generation)
    {
        json.WriteNumber("run"u8, run);
        json.WriteNumber("generation"u8, generation);
    }

    private void Because(int run, Reason reason)
    {
        json.WriteNumber("run"u8, run);
        Reason(reason);
    }

    private void Reason(Reason reason)
    {
        json.WriteStartObject("reason"u8);
        json.WriteString("rule"u8, reason.Rule);
        Optional("rung"u8, reason.Rung);
        Optional("bracket"u8, reason.Bracket);
        Optional("rank"u8, reason.Rank);
        Optional("count"u8, reason.Count);
        Optional("value"u8, reason.Value);
        Optional("cutoff"u8, reason.Cutoff);
        Optional("detail"u8, reason.Detail);
        json.WriteEndObject();
    }

    private void Action(SteerAction action)
    {
        json.WriteStartObject("action"u8);
        json.WriteString("kind"u8, EventFormat.Name(action));
        switch (action)
        {
            case SteerAction.StopRun stop:
                json.WriteNumber("run"u8, stop.Run);
                break;
            case SteerAction.PinRun pin:
                json.WriteNumber("run"u8, pin.Run);
                break;
            case SteerAction.PromoteRun promote:
                json.WriteNumber("run"u8, promote.Run);
                break;
            case SteerAction.TestRun test:
                json.WriteNumber("run"u8, test.Run);
                break;
            case SteerAction.Enqueue enqueue:
                json.WritePropertyName("configuration"u8);
                ConfigurationJson.Write(json, enqueue.Configuration);
                break;
            case SteerAction.Change change:
                json.WriteString("spec"u8, change.Spec);
                break;
            case SteerAction.Annotate annotate:
                Optional("run"u8, annotate.Run);
                json.WriteString("text"u8, annotate.Text);
                break;
            case SteerAction.Confirm confirm:
                json.WriteNumber("top"u8, confirm.Top);
                json.WriteNumber("seeds"u8, confirm.Seeds);
                break;
            case SteerAction.Audit audit:
                json.WriteNumber("epochs"u8, audit.Epochs);
                break;
        }
        json.WriteEndObject();
    }

    private void Metrics(IReadOnlyDictionary<string, double> metrics)
    {
        json.WriteStartObject("metrics"u8);
        foreach (var (name, value) in metrics)
        {
            json.WritePropertyName(name);
            DoubleJson.Write(json, value);
        }
        json.WriteEndObject();
    }

    private void Number(ReadOnlySpan<byte> name, double value)
    {
        json.WritePropertyName(name);
        DoubleJson.Write(json, value);
    }

    private void Optional(ReadOnlySpan<byte> name, int? value)
    {
        if (value is { } number)
            json.WriteNumber(name, number);
    }

    private void Optional(ReadOnlySpan<byte> name, double? value)
    {
        if (value is { } number)
            Number(name, number);
    }

    private void Optional(ReadOnlySpan<byte> name, string? value)
    {
        if (value is not null)
            json.WriteString(name, value);
    }
}
