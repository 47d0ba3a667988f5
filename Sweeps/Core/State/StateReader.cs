using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;

namespace Sweeps.Core;

/// <summary>
/// Reads what <see cref="StateWriter"/> wrote. Throws <see cref="FormatException"/> where the bytes end early or mean nothing.
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

    public int Int() => checked((int)Number());

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
        var metrics = new Dictionary<string, double>(count, StringComparer.Ordinal);
        for (var i = 0; i < count; i++)
            metrics.Add(NeedText(), Double());
        return metrics;
    }

    public Configuration Configuration() =>
        new(Enumerable.Range(0, Int()).Select(_ => new KeyValuePair<string, Value>(NeedText(), Value())).ToArray());

    private Value Value() => Byte() switch
    {
        0 => Core.Value.Null.Instance,
        1 => new Core.Value.Boolean(Flag()),
        2 => new Core.Value.Integer(Number()),
        3 => new Core.Value.Number(Double()),
        4 => new Core.Value.Text(NeedText()),
        5 => new Core.Value.List([.. Enumerable.Range(0, Int()).Select(_ => Value())]),
        6 => new Core.Value.Map(Enumerable.Range(0, Int())
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
