using System.Text;
using System.Text.Json;
using Sweeps.Core;

namespace Sweeps.Log.Json;

/// <summary>
/// Reads the output of <see cref="EventWriter"/>. Fields may be in any order, because <c>jsonb</c> sorts them. Not thread-safe. Throws
/// <see cref="InvalidDataException"/> for damaged events and <see cref="LogVersionException"/> for events of a newer version.
/// </summary>
internal sealed class EventReader
{
    private readonly StringCache strings = new();

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
            fields.Read(ref json, strings);
            if (json.Read())
                throw new JsonException("Something follows the event.");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or ArgumentException)
        {
            throw fields.Version > EventFormat.NewestOf(fields.Type) ? Newer(fields) : new InvalidDataException(e.Message, e);
        }
    }

    /// <summary>A new version of an event only adds optional fields, so one reader reads all versions.</summary>
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
            f.Number(f.Run, "run"), f.Need(f.Configuration, "configuration"), f.Seed, f.Number(f.Bracket, "bracket"), f.Note, f.Proposal, f.Seen, f.Confirms,
            f.Repeat),
        "review_started" => new ReviewStarted(f.Audit, f.Need(f.Runs, "runs"), f.Seeds, f.Need(f.Outcome, "outcome")!.Value, f.Need(f.Reason, "reason")),
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
        "run_noted" => new RunNoted(
            f.Number(f.Run, "run"), f.Number(f.Generation, "generation"), f.Need(f.Topic, "topic"), f.Need(f.Note, "note")),
        "test_evaluated" => new TestEvaluated(f.Number(f.Run, "run"), f.Number(f.Epoch, "epoch"), f.Need(f.Metrics, "metrics"), f.Error),
        "hook_ran" => new HookRan(f.Need(f.Hook, "hook"), f.Error),
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

/// <summary>The fields of all event types. One pass over the JSON sets those that are present, in any order and before the type is known.</summary>
internal struct EventFields
{
    public long Seq;
    public DateTimeOffset At;
    public string? Type;
    public int Version;
    public bool More;
    public int? Run, Generation, Epoch, Epochs, Until, Bracket, Proposal, Confirms;
    public int Repeat, Seeds;
    public bool Audit;
    public IReadOnlyList<int>? Runs;
    public long? Seen;
    public ulong Seed;
    public double Seconds;
    public Verdict Verdict;
    public bool Permanent;
    public string? Node, Sweep, Spec, By, Why, Error, Note, Topic, Id, Hook;
    public SweepOutcome? Outcome;
    public Configuration? Configuration;
    public IReadOnlyDictionary<string, double>? Metrics;
    public Reason? Reason;
    public SteerAction? Action;

    /// <summary>Reads the fields of an object; <paramref name="json"/> must be at its start.</summary>
    public void Read(ref Utf8JsonReader json, StringCache strings)
    {
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = json.ValueSpan;
            json.Read();
            if (name.SequenceEqual("seq"u8))
                Seq = json.GetInt64();
            else if (name.SequenceEqual("at"u8))
                At = json.GetDateTimeOffset();
            else if (name.SequenceEqual("type"u8))
                Type = strings.Get(ref json);
            else if (name.SequenceEqual("v"u8))
                Version = json.GetInt32();
            else if (name.SequenceEqual("run"u8))
                Run = json.GetInt32();
            else if (name.SequenceEqual("generation"u8))
                Generation = json.GetInt32();
            else if (name.SequenceEqual("epoch"u8))
                Epoch = json.GetInt32();
            else if (name.SequenceEqual("metrics"u8))
                Metrics = ReadMetrics(ref json, strings);
            else if (name.SequenceEqual("seconds"u8))
                Seconds = DoubleJson.Read(ref json);
            else if (name.SequenceEqual("verdict"u8))
                Verdict = EventFormat.ReadVerdict(ref json);
            else if (name.SequenceEqual("node"u8))
                Node = strings.Get(ref json);
            else if (name.SequenceEqual("until"u8))
                Until = json.GetInt32();
            else if (name.SequenceEqual("configuration"u8))
                Configuration = ConfigurationJson.ReadConfiguration(ref json, strings);
            else if (name.SequenceEqual("seed"u8))
                Seed = json.GetUInt64();
            else if (name.SequenceEqual("reason"u8))
                Reason = ReadReason(ref json, strings);
            else if (name.SequenceEqual("more"u8))
                More = json.GetBoolean();
            else
                ReadRare(ref json, name, strings);
        }
    }

    /// <summary>Returns a number that the event's type requires; throws <see cref="InvalidDataException"/> if it is missing.</summary>
    public readonly int Number(int? value, string name) => value ?? throw Missing(name);

    /// <summary>Returns a field that the event's type requires; throws <see cref="InvalidDataException"/> if it is missing.</summary>
    public readonly T Need<T>(T? value, string name) => value ?? throw Missing(name);

    private readonly InvalidDataException Missing(string name) => new($"Event {Seq} ('{Type}') lacks its field '{name}'.");

    private void ReadRare(ref Utf8JsonReader json, ReadOnlySpan<byte> name, StringCache strings)
    {
        if (name.SequenceEqual("bracket"u8))
            Bracket = json.GetInt32();
        else if (name.SequenceEqual("proposal"u8))
            Proposal = json.GetInt32();
        else if (name.SequenceEqual("seen"u8))
            Seen = json.GetInt64();
        else if (name.SequenceEqual("confirms"u8))
            Confirms = json.GetInt32();
        else if (name.SequenceEqual("repeat"u8))
            Repeat = json.GetInt32();
        else if (name.SequenceEqual("audit"u8))
            Audit = json.GetBoolean();
        else if (name.SequenceEqual("seeds"u8))
            Seeds = json.GetInt32();
        else if (name.SequenceEqual("runs"u8))
            Runs = ReadNumbers(ref json);
        else if (name.SequenceEqual("note"u8))
            Note = json.GetString();
        else if (name.SequenceEqual("topic"u8))
            Topic = strings.Get(ref json);
        else if (name.SequenceEqual("epochs"u8))
            Epochs = json.GetInt32();
        else if (name.SequenceEqual("error"u8))
            Error = json.GetString();
        else if (name.SequenceEqual("permanent"u8))
            Permanent = json.GetBoolean();
        else if (name.SequenceEqual("why"u8))
            Why = json.GetString();
        else if (name.SequenceEqual("by"u8))
            By = json.GetString();
        else if (name.SequenceEqual("hook"u8))
            Hook = json.GetString();
        else if (name.SequenceEqual("id"u8))
            Id = json.GetString();
        else if (name.SequenceEqual("sweep"u8))
            Sweep = json.GetString();
        else if (name.SequenceEqual("spec"u8))
            Spec = json.GetString();
        else if (name.SequenceEqual("outcome"u8))
            Outcome = EventFormat.ReadOutcome(json.GetString());
        else if (name.SequenceEqual("action"u8))
            Action = ReadAction(ref json, strings);
        else
            throw new JsonException($"'{System.Text.Encoding.UTF8.GetString(name)}' is not a field of an event.");
    }

    private static List<int> ReadNumbers(ref Utf8JsonReader json)
    {
        var numbers = new List<int>();
        while (json.Read() && json.TokenType == JsonTokenType.Number)
            numbers.Add(json.GetInt32());
        return numbers;
    }

    private static Dictionary<string, double> ReadMetrics(ref Utf8JsonReader json, StringCache strings)
    {
        var metrics = new Dictionary<string, double>(4);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = strings.Get(ref json);
            json.Read();
            metrics[name] = DoubleJson.Read(ref json);
        }
        return metrics;
    }

    private static Reason ReadReason(ref Utf8JsonReader json, StringCache strings)
    {
        string? rule = null, detail = null;
        int? rung = null, bracket = null, rank = null, count = null;
        double? value = null, cutoff = null;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = json.ValueSpan;
            json.Read();
            if (name.SequenceEqual("rule"u8))
                rule = strings.Get(ref json);
            else if (name.SequenceEqual("rung"u8))
                rung = json.GetInt32();
            else if (name.SequenceEqual("bracket"u8))
                bracket = json.GetInt32();
            else if (name.SequenceEqual("rank"u8))
                rank = json.GetInt32();
            else if (name.SequenceEqual("count"u8))
                count = json.GetInt32();
            else if (name.SequenceEqual("value"u8))
                value = DoubleJson.Read(ref json);
            else if (name.SequenceEqual("cutoff"u8))
                cutoff = DoubleJson.Read(ref json);
            else if (name.SequenceEqual("detail"u8))
                detail = json.GetString();
            else
                throw new JsonException($"'{System.Text.Encoding.UTF8.GetString(name)}' is not a field of a reason.");
        }
        return new Reason(rule ?? throw new JsonException("A reason lacks its rule."), rung, bracket, rank, count, value, cutoff, detail);
    }

    private static SteerAction ReadAction(ref Utf8JsonReader json, StringCache strings)
    {
        string? kind = null, spec = null, text = null;
        int? run = null;
        var (top, seeds, epochs) = (0, 0, 0);
        Configuration? configuration = null;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = json.ValueSpan;
            json.Read();
            if (name.SequenceEqual("kind"u8))
                kind = json.GetString();
            else if (name.SequenceEqual("run"u8))
                run = json.GetInt32();
            else if (name.SequenceEqual("configuration"u8))
                configuration = ConfigurationJson.ReadConfiguration(ref json, strings);
            else if (name.SequenceEqual("spec"u8))
                spec = json.GetString();
            else if (name.SequenceEqual("text"u8))
                text = json.GetString();
            else if (name.SequenceEqual("top"u8))
                top = json.GetInt32();
            else if (name.SequenceEqual("seeds"u8))
                seeds = json.GetInt32();
            else if (name.SequenceEqual("epochs"u8))
                epochs = json.GetInt32();
            else
                throw new JsonException($"'{System.Text.Encoding.UTF8.GetString(name)}' is not a field of an action.");
        }
        return EventFormat.ReadAction(kind, run, configuration, spec, text, top, seeds, epochs);
    }
}

/// <summary>
/// Shares the strings that recur in a log (names of metrics, parameters and nodes), so that a million events have one copy of each. The table has 256
/// entries; on a collision the newer string replaces the older one. Not thread-safe.
/// </summary>
internal sealed class StringCache
{
    private readonly (byte[] Utf8, string Text)[] table = new (byte[], string)[256];

    /// <summary>Returns the current string or property name of <paramref name="json"/>.</summary>
    public string Get(ref Utf8JsonReader json)
    {
        var utf8 = json.ValueSpan;
        if (json.ValueIsEscaped || utf8.Length is 0 or > 64)
            return json.GetString()!;
        ref var entry = ref table[(utf8.Length * 31 + utf8[0] * 7 + utf8[^1] * 13) & 255];
        if (entry.Utf8 is null || !utf8.SequenceEqual(entry.Utf8))
            entry = (utf8.ToArray(), Encoding.UTF8.GetString(utf8));
        return entry.Text;
    }
}
