using System.Buffers.Binary;
using System.Buffers;
using System.Collections.Immutable;
using System.Text;

namespace Sweeps.Core;

/// <summary>
/// Encodes a snapshot: zigzag variable-length integers, little-endian doubles, and each text once. Equal values give equal bytes.
/// </summary>
internal sealed class StateWriter
{
    private readonly ArrayBufferWriter<byte> bytes = new(1 << 16);
    private readonly Dictionary<string, int> texts = new(StringComparer.Ordinal);

    public ReadOnlyMemory<byte> Written => bytes.WrittenMemory;

    public void Number(long value)
    {
        for (var rest = (ulong)((value << 1) ^ (value >> 63)); ; rest >>= 7)
        {
            Byte((byte)(rest < 0x80 ? rest : rest | 0x80));
            if (rest < 0x80)
                return;
        }
    }

    public void Double(double value)
    {
        BinaryPrimitives.WriteDoubleLittleEndian(bytes.GetSpan(8), value);
        bytes.Advance(8);
    }

    public void Flag(bool value) => Byte(value ? (byte)1 : (byte)0);

    /// <summary>
    /// Writes 0 for null, otherwise the text's number from 1. At the first occurrence the text itself follows its number.
    /// </summary>
    public void Text(string? value)
    {
        if (value is null)
        {
            Number(0);
        }
        else if (texts.TryGetValue(value, out var index))
        {
            Number(index);
        }
        else
        {
            texts.Add(value, texts.Count + 1);
            Number(texts.Count);
            var length = Encoding.UTF8.GetByteCount(value);
            Number(length);
            bytes.Advance(Encoding.UTF8.GetBytes(value, bytes.GetSpan(length)));
        }
    }

    public void Optional(double? value)
    {
        Flag(value.HasValue);
        if (value is { } number)
            Double(number);
    }

    public void Optional(int? value)
    {
        Flag(value.HasValue);
        if (value is { } number)
            Number(number);
    }

    public void Reason(Reason? reason)
    {
        Text(reason?.Rule);
        if (reason is null)
            return;
        Optional(reason.Rung);
        Optional(reason.Bracket);
        Optional(reason.Rank);
        Optional(reason.Count);
        Optional(reason.Value);
        Optional(reason.Cutoff);
        Text(reason.Detail);
    }

    public void Metrics(IReadOnlyDictionary<string, double>? metrics)
    {
        Number(metrics?.Count ?? -1);
        foreach (var (name, value) in metrics?.OrderBy(item => item.Key, StringComparer.Ordinal).ToArray() ?? [])
        {
            Text(name);
            Double(value);
        }
    }

    public void Configuration(Configuration configuration)
    {
        Number(configuration.Count);
        foreach (var (name, value) in configuration)
        {
            Text(name);
            Value(value);
        }
    }

    private void Value(Value value)
    {
        switch (value)
        {
            case Core.Value.Null:
                Byte(0);
                break;
            case Core.Value.Boolean(var content):
                Byte(1);
                Flag(content);
                break;
            case Core.Value.Integer(var content):
                Byte(2);
                Number(content);
                break;
            case Core.Value.Number(var content):
                Byte(3);
                Double(content);
                break;
            case Core.Value.Text(var content):
                Byte(4);
                Text(content);
                break;
            case Core.Value.List(var items):
                Byte(5);
                Number(items.Length);
                foreach (var item in items)
                    Value(item);
                break;
            case Core.Value.Map(var items):
                Byte(6);
                Number(items.Count);
                foreach (var (key, item) in items)
                {
                    Text(key);
                    Value(item);
                }
                break;
        }
    }

    private void Byte(byte value)
    {
        bytes.GetSpan(1)[0] = value;
        bytes.Advance(1);
    }
}

/// <summary>
/// Decodes the output of <see cref="StateWriter"/>. Throws <see cref="FormatException"/> when the bytes are truncated or invalid.
/// </summary>
internal sealed class StateReader(ReadOnlyMemory<byte> bytes)
{
    private readonly List<string> texts = [];
    private int at;

    public bool AtEnd => at == bytes.Length;

    public long Number()
    {
        var rest = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = Byte();
            rest |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
                return (long)(rest >> 1) ^ -(long)(rest & 1);
        }
        throw Damaged();
    }

    public int Int() => Number() is >= int.MinValue and <= int.MaxValue and var number ? (int)number : throw Damaged();

    /// <summary>The number of the elements that follow. It is limited by the remaining bytes, so that a damaged one allocates no memory.</summary>
    public int Count() => Int() is >= 0 and var count && count <= bytes.Length - at ? count : throw Damaged();

    public double Double() => BinaryPrimitives.ReadDoubleLittleEndian(Take(8));

    public bool Flag() => Byte() != 0;

    public string? Text()
    {
        var index = Int();
        if (index == 0)
            return null;
        if (index == texts.Count + 1)
            texts.Add(Encoding.UTF8.GetString(Take(Int())));
        return index > 0 && index <= texts.Count ? texts[index - 1] : throw Damaged();
    }

    public string NeedText() => Text() ?? throw Damaged();

    public int? OptionalInt() => Flag() ? Int() : null;

    public double? OptionalDouble() => Flag() ? Double() : null;

    public Reason? Reason() => Text() is { } rule
        ? new Reason(rule, OptionalInt(), OptionalInt(), OptionalInt(), OptionalInt(), OptionalDouble(), OptionalDouble(), Text())
        : null;

    public IReadOnlyDictionary<string, double>? Metrics()
    {
        var count = Int();
        if (count < 0)
            return null;
        var metrics = new Dictionary<string, double>(StringComparer.Ordinal);
        for (var i = 0; i < count; i++)
            metrics.Add(NeedText(), Double());
        return metrics;
    }

    public Configuration Configuration() =>
        new(Enumerable.Range(0, Count()).Select(_ => new KeyValuePair<string, Value>(NeedText(), Value())).ToArray());

    private Value Value() => Byte() switch
    {
        0 => Core.Value.Null.Instance,
        1 => new Core.Value.Boolean(Flag()),
        2 => new Core.Value.Integer(Number()),
        3 => new Core.Value.Number(Double()),
        4 => new Core.Value.Text(NeedText()),
        5 => new Core.Value.List([.. Enumerable.Range(0, Count()).Select(_ => Value())]),
        6 => new Core.Value.Map(Enumerable.Range(0, Count())
            .Select(_ => KeyValuePair.Create(NeedText(), Value())).ToImmutableSortedDictionary(StringComparer.Ordinal)),
        _ => throw Damaged(),
    };

    private byte Byte() => Take(1)[0];

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count < 0 || count > bytes.Length - at)
            throw Damaged();
        at += count;
        return bytes.Span.Slice(at - count, count);
    }

    private FormatException Damaged() => new($"The snapshot is damaged at byte {at} of {bytes.Length}.");
}
