using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Sweeps.Core;

/// <summary>Writes a snapshot: little-endian numbers, and each text once. The same values give the same bytes.</summary>
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

    /// <summary>0 for null, else the text's number from 1; a new text follows its number.</summary>
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
