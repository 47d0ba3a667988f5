using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Client.Views;
using Grains.Contracts;
using Sweeps.Analysis;
using Sweeps.Core;

namespace Client.Output;

/// <summary>The output of <c>--output json</c>: one object or array on one line. NaN and infinity are written as null.</summary>
public static class SweepJson
{
    // Characters outside ASCII need no escape, because the output is not embedded in HTML.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>
    /// <c>{sweep, state, runs, epochs, best: {run, name, epoch, configuration, metrics}}</c>; the metrics are those of <c>epoch</c>;
    /// <c>best</c> is null before the first finite value. <c>obstacles</c>, an array of sentences, is present only if there are any.
    /// </summary>
    public static string Summary(SweepHistory history, string? state = null, IReadOnlyList<string>? obstacles = null) =>
        Write(json => WriteSummary(json, history, state, obstacles));

    /// <summary>An array of summaries; a sweep whose log cannot be read is <c>{sweep, state: "damaged", error}</c>.</summary>
    public static string Sweeps(IEnumerable<SweepHistory> sweeps, IEnumerable<(string Sweep, string Reason)> damaged) => Write(json =>
    {
        json.WriteStartArray();
        foreach (var sweep in sweeps)
            WriteSummary(json, sweep, null);
        foreach (var (sweep, reason) in damaged)
        {
            json.WriteStartObject();
            json.WriteString("sweep", sweep);
            json.WriteString("state", "damaged");
            json.WriteString("error", reason);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    });

    public static string Runs(SweepHistory history, IEnumerable<SweepRun> runs) => Write(json =>
    {
        json.WriteStartArray();
        foreach (var run in runs)
            WriteRun(json, history, run);
        json.WriteEndArray();
    });

    /// <summary>An array of <c>{run, epoch, at, seconds, metrics}</c>, one per recorded epoch.</summary>
    public static string Epochs(SweepHistory history, RecordedEpochs epochs) => Write(json =>
    {
        json.WriteStartArray();
        foreach (var run in history.State.Runs)
            foreach (var epoch in epochs.Of(run.Number))
            {
                json.WriteStartObject();
                json.WriteNumber("run", run.Number);
                json.WriteNumber("epoch", epoch.Epoch);
                json.WriteString("at", epoch.At.UtcDateTime);
                WriteNumber(json, "seconds", epoch.Seconds);
                WriteMetrics(json, epoch.Metrics);
                json.WriteEndObject();
            }
        json.WriteEndArray();
    });

    /// <summary>One run with its curve and, when it is known, the progress of its current epoch.</summary>
    public static string Run(SweepHistory history, SweepRun run, ProgressMessage? progress = null) => Write(json => WriteRun(json, history, run, progress));

    /// <summary><c>{error, exit_code}</c></summary>
    public static string Error(string message, ExitCode exit) => Write(json =>
    {
        json.WriteStartObject();
        json.WriteString("error", message);
        json.WriteNumber("exit_code", (int)exit);
        json.WriteEndObject();
    });

    public static void WriteValue(Utf8JsonWriter json, Value? value)
    {
        switch (value)
        {
            case Value.Boolean boolean:
                json.WriteBooleanValue(boolean.Content);
                break;
            case Value.Integer integer:
                json.WriteNumberValue(integer.Content);
                break;
            case Value.Number number:
                WriteNumber(json, number.Content);
                break;
            case Value.Text text:
                json.WriteStringValue(text.Content);
                break;
            case Value.List list:
                json.WriteStartArray();
                foreach (var item in list.Items)
                    WriteValue(json, item);
                json.WriteEndArray();
                break;
            case Value.Map map:
                json.WriteStartObject();
                foreach (var (name, item) in map.Items)
                {
                    json.WritePropertyName(name);
                    WriteValue(json, item);
                }
                json.WriteEndObject();
                break;
            default:
                json.WriteNullValue();
                break;
        }
    }

    /// <summary>The JSON that <paramref name="write"/> writes, on one line.</summary>
    public static string Write(Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, Options))
            write(json);
        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    /// <summary>A number, or null when it is not finite.</summary>
    public static void WriteNumber(Utf8JsonWriter json, double? value)
    {
        if (value is { } number && double.IsFinite(number))
            json.WriteNumberValue(number);
        else
            json.WriteNullValue();
    }

    /// <summary>A number property; null when the value is null or not finite.</summary>
    public static void WriteNumber(Utf8JsonWriter json, string name, double? value)
    {
        json.WritePropertyName(name);
        WriteNumber(json, value);
    }

    private static void WriteSummary(Utf8JsonWriter json, SweepHistory history, string? state, IReadOnlyList<string>? obstacles = null)
    {
        json.WriteStartObject();
        json.WriteString("sweep", history.Sweep);
        json.WriteString("state", state ?? history.StatusName);
        if (history.Name != history.Spec.Name)
            json.WriteString("name", history.Name);
        WriteAnnotations(json, history, null);
        if ((history.InterruptedSince ?? history.Held?.At) is { } since)
            json.WriteString("since", since.UtcDateTime);
        if (history.Held?.Event is SweepSteered { By: var by, Why: var why })
        {
            json.WriteString("by", by);
            json.WriteString("why", why);
        }
        json.WriteNumber("runs", history.State.Runs.Count);
        json.WriteNumber("epochs", history.State.EpochsRecorded);
        if (history.State.Programs.Count > 0)
        {
            json.WriteStartArray("programs");
            foreach (var program in history.State.Programs)
                json.WriteStringValue(program);
            json.WriteEndArray();
        }
        if (obstacles is { Count: > 0 })
        {
            json.WriteStartArray("obstacles");
            foreach (var obstacle in obstacles)
                json.WriteStringValue(obstacle);
            json.WriteEndArray();
        }
        json.WritePropertyName("best");
        if (history.State.Best is { } best)
        {
            json.WriteStartObject();
            json.WriteNumber("run", best.Number);
            json.WriteString("name", history.NameOf(best));
            json.WriteNumber("epoch", best.BestEpoch);
            WriteConfiguration(json, best.Configuration);
            WriteMetrics(json, SweepHistory.MetricsOf(best));
            json.WriteEndObject();
        }
        else
        {
            json.WriteNullValue();
        }
        WriteReviews(json, history);
        json.WriteEndObject();
    }

    private static void WriteReviews(Utf8JsonWriter json, SweepHistory history)
    {
        var objective = history.Spec.Objective;
        if (history.State.Confirmation is { } confirmation)
        {
            var race = ConfirmationRace.Of(history.State, confirmation);
            json.WriteStartObject("confirmation");
            json.WriteBoolean("active", confirmation.Active);
            json.WriteStartArray("best");
            foreach (var run in race.Best)
                json.WriteNumberValue(run.Run);
            json.WriteEndArray();
            json.WriteStartArray("runs");
            foreach (var run in race.Runs)
            {
                json.WriteStartObject();
                json.WriteNumber("run", run.Run);
                json.WriteNumber("seeds", run.Count);
                WriteNumber(json, "mean", objective.Orient(run.Mean));
                WriteNumber(json, "half_width", run.HalfWidth);
                WriteNumber(json, "in_search", objective.Orient(run.First));
                WriteNumber(json, "shrinkage", run.Shrinkage);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        if (AuditEstimate.Of(history.State) is not { } audit)
            return;
        json.WriteStartObject("audit");
        json.WriteNumber("stopped", audit.Stopped);
        json.WriteNumber("finished", audit.Finished);
        json.WriteNumber("better", audit.Better);
        json.WriteNumber("fewest_better", audit.FewestBetter);
        json.WriteNumber("most_better", audit.MostBetter);
        WriteNumber(json, "loss", audit.Loss);
        json.WriteNumber("most_beyond_loss", audit.MostBeyond);
        json.WriteEndObject();
    }

    private static void WriteRun(Utf8JsonWriter json, SweepHistory history, SweepRun run, ProgressMessage? progress = null)
    {
        json.WriteStartObject();
        json.WriteNumber("run", run.Number);
        json.WriteString("name", history.NameOf(run));
        json.WriteString("state", Format.State(history.StateOf(run)));
        WriteAnnotations(json, history, run.Number);
        json.WriteNumber("epoch", run.Epoch);
        json.WriteNumber("until", run.MaxEpochs);
        json.WritePropertyName("best");
        WriteNumber(json, history.BestOf(run));
        json.WriteNumber("best_epoch", run.BestEpoch);
        WriteNumber(json, "seconds", run.Seconds);
        if (progress is not null)
        {
            json.WritePropertyName("progress");
            JsonSerializer.Serialize(json, progress, JsonSerializerOptions.Web);
        }
        WriteConfiguration(json, run.Configuration);
        WriteMetrics(json, SweepHistory.MetricsOf(run));
        json.WriteStartArray("curve");
        foreach (var value in history.CurveOf(run))
            WriteNumber(json, value);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary><c>tags</c> and <c>notes: [{at, by, text}]</c> of the sweep or a run; each is left out when it is empty.</summary>
    private static void WriteAnnotations(Utf8JsonWriter json, SweepHistory history, int? run)
    {
        if (history.TagsOf(run) is { Count: > 0 } tags)
        {
            json.WriteStartArray("tags");
            foreach (var tag in tags)
                json.WriteStringValue(tag);
            json.WriteEndArray();
        }
        var notes = history.Notes.Where(note => EventSentence.RunOf(note.Event) == run).ToList();
        if (notes.Count == 0)
            return;
        json.WriteStartArray("notes");
        foreach (var note in notes)
        {
            var steered = (SweepSteered)note.Event;
            json.WriteStartObject();
            json.WriteString("at", note.At.UtcDateTime);
            json.WriteString("by", steered.By);
            json.WriteString("text", ((SteerAction.Annotate)steered.Action).Text);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    /// <summary>Writes the property <c>configuration</c>.</summary>
    public static void WriteConfiguration(Utf8JsonWriter json, Configuration configuration)
    {
        json.WriteStartObject("configuration");
        foreach (var (name, value) in configuration)
        {
            json.WritePropertyName(name);
            WriteValue(json, value);
        }
        json.WriteEndObject();
    }

    private static void WriteMetrics(Utf8JsonWriter json, IEnumerable<KeyValuePair<string, double>> metrics)
    {
        json.WriteStartObject("metrics");
        foreach (var (metric, value) in metrics)
        {
            json.WritePropertyName(metric);
            WriteNumber(json, value);
        }
        json.WriteEndObject();
    }
}
