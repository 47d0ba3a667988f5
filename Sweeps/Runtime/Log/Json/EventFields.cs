using System.Text.Json;
using Sweeps.Core;

namespace Sweeps.Log.Json;

/// <summary>All fields that an event can have, as they were found: one pass over the JSON, whatever the type and the order.</summary>
internal struct EventFields
{
    public long Seq;
    public DateTimeOffset At;
    public string? Type;
    public int Version;
    public bool More;
    public int? Run, Generation, Epoch, Epochs, Until, Bracket, Proposal;
    public long? Seen;
    public ulong Seed;
    public double Seconds;
    public Verdict Verdict;
    public bool Permanent;
    public string? Node, Sweep, Spec, By, Why, Error, Note, Id;
    public SweepOutcome? Outcome;
    public Configuration? Configuration;
    public IReadOnlyDictionary<string, double>? Metrics;
    public Reason? Reason;
    public SteerAction? Action;

    /// <summary>Reads to the end of the object whose start the reader stands on.</summary>
    public void Read(ref Utf8JsonReader json, Names names)
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
                Type = names.Get(ref json);
            else if (name.SequenceEqual("v"u8))
                Version = json.GetInt32();
            else if (name.SequenceEqual("run"u8))
                Run = json.GetInt32();
            else if (name.SequenceEqual("generation"u8))
                Generation = json.GetInt32();
            else if (name.SequenceEqual("epoch"u8))
                Epoch = json.GetInt32();
            else if (name.SequenceEqual("metrics"u8))
                Metrics = ReadMetrics(ref json, names);
            else if (name.SequenceEqual("seconds"u8))
                Seconds = Numbers.Read(ref json);
            else if (name.SequenceEqual("verdict"u8))
                Verdict = Words.ReadVerdict(ref json);
            else if (name.SequenceEqual("node"u8))
                Node = names.Get(ref json);
            else if (name.SequenceEqual("until"u8))
                Until = json.GetInt32();
            else if (name.SequenceEqual("configuration"u8))
                Configuration = Values.ReadConfiguration(ref json, names);
            else if (name.SequenceEqual("seed"u8))
                Seed = json.GetUInt64();
            else if (name.SequenceEqual("reason"u8))
                Reason = ReadReason(ref json, names);
            else if (name.SequenceEqual("more"u8))
                More = json.GetBoolean();
            else
                ReadRare(ref json, name, names);
        }
    }

    /// <summary>A number that the event's type must have.</summary>
    public readonly int Number(int? value, string name) => value ?? throw Missing(name);

    /// <summary>A field that the event's type must have.</summary>
    public readonly T Need<T>(T? value, string name) => value ?? throw Missing(name);

    private readonly InvalidDataException Missing(string name) => new($"Event {Seq} ('{Type}') lacks its field '{name}'.");

    private void ReadRare(ref Utf8JsonReader json, ReadOnlySpan<byte> name, Names names)
    {
        if (name.SequenceEqual("bracket"u8))
            Bracket = json.GetInt32();
        else if (name.SequenceEqual("proposal"u8))
            Proposal = json.GetInt32();
        else if (name.SequenceEqual("seen"u8))
            Seen = json.GetInt64();
        else if (name.SequenceEqual("note"u8))
            Note = json.GetString();
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
        else if (name.SequenceEqual("id"u8))
            Id = json.GetString();
        else if (name.SequenceEqual("sweep"u8))
            Sweep = json.GetString();
        else if (name.SequenceEqual("spec"u8))
            Spec = json.GetString();
        else if (name.SequenceEqual("outcome"u8))
            Outcome = Words.Outcome(json.GetString());
        else if (name.SequenceEqual("action"u8))
            Action = ReadAction(ref json, names);
        else
            throw new JsonException($"'{System.Text.Encoding.UTF8.GetString(name)}' is not a field of an event.");
    }

    private static Dictionary<string, double> ReadMetrics(ref Utf8JsonReader json, Names names)
    {
        var metrics = new Dictionary<string, double>(4);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = names.Get(ref json);
            json.Read();
            metrics[name] = Numbers.Read(ref json);
        }
        return metrics;
    }

    private static Reason ReadReason(ref Utf8JsonReader json, Names names)
    {
        string? rule = null, detail = null;
        int? rung = null, bracket = null, rank = null, count = null;
        double? value = null, cutoff = null;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = json.ValueSpan;
            json.Read();
            if (name.SequenceEqual("rule"u8))
                rule = names.Get(ref json);
            else if (name.SequenceEqual("rung"u8))
                rung = json.GetInt32();
            else if (name.SequenceEqual("bracket"u8))
                bracket = json.GetInt32();
            else if (name.SequenceEqual("rank"u8))
                rank = json.GetInt32();
            else if (name.SequenceEqual("count"u8))
                count = json.GetInt32();
            else if (name.SequenceEqual("value"u8))
                value = Numbers.Read(ref json);
            else if (name.SequenceEqual("cutoff"u8))
                cutoff = Numbers.Read(ref json);
            else if (name.SequenceEqual("detail"u8))
                detail = json.GetString();
            else
                throw new JsonException($"'{System.Text.Encoding.UTF8.GetString(name)}' is not a field of a reason.");
        }
        return new Reason(rule ?? throw new JsonException("A reason lacks its rule."), rung, bracket, rank, count, value, cutoff, detail);
    }

    private static SteerAction ReadAction(ref Utf8JsonReader json, Names names)
    {
        string? kind = null, spec = null;
        var run = -1;
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
                configuration = Values.ReadConfiguration(ref json, names);
            else if (name.SequenceEqual("spec"u8))
                spec = json.GetString();
            else
                throw new JsonException($"'{System.Text.Encoding.UTF8.GetString(name)}' is not a field of an action.");
        }
        return Words.Action(kind, run, configuration, spec);
    }
}
