using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using System.Text.Json;

namespace Sweeps.Page.Columns;

/// <summary>
/// Writes columns of numbers as one compressed block: a little-endian header length, a JSON header, and the columns in the header's order. Numbers that
/// compress badly are split into planes, all first bytes, all second bytes …, because the bytes of a sign and an exponent repeat. <c>decode.js</c> reads it.
/// </summary>
internal sealed class ColumnWriter
{
    private readonly List<(string Name, string Type, int Count, byte[] Data)> columns = [];

    /// <summary>Unsigned whole numbers, seven bits a byte.</summary>
    public void Whole(string name, IEnumerable<long> values) => Variable(name, "whole", values, difference: false);

    /// <summary>Whole numbers as differences to the one before; the first to 0.</summary>
    public void Difference(string name, IEnumerable<long> values) => Variable(name, "difference", values, difference: true);

    /// <summary>Single precision.</summary>
    public void Single(string name, IReadOnlyList<float> values)
    {
        var data = new byte[values.Count * 4];
        for (var i = 0; i < values.Count; i++)
        {
            var bits = BitConverter.SingleToUInt32Bits(values[i]);
            for (var plane = 0; plane < 4; plane++)
                data[plane * values.Count + i] = (byte)(bits >> (8 * plane));
        }
        columns.Add((name, "single", values.Count, data));
    }

    /// <summary>Double precision, for whole numbers above 2²⁴.</summary>
    public void Double(string name, IReadOnlyList<double> values)
    {
        var data = new byte[values.Count * 8];
        for (var i = 0; i < values.Count; i++)
        {
            var bits = BitConverter.DoubleToUInt64Bits(values[i]);
            for (var plane = 0; plane < 8; plane++)
                data[plane * values.Count + i] = (byte)(bits >> (8 * plane));
        }
        columns.Add((name, "double", values.Count, data));
    }

    /// <summary>Text in UTF-8; the count is that of its bytes.</summary>
    public void Text(string name, string text)
    {
        var data = Encoding.UTF8.GetBytes(text);
        columns.Add((name, "text", data.Length, data));
    }

    /// <summary>The block. <paramref name="describe"/> writes further members of the header's object.</summary>
    public byte[] ToBlock(Action<Utf8JsonWriter> describe, CompressionLevel level)
    {
        using var header = new MemoryStream();
        using (var json = new Utf8JsonWriter(header))
        {
            json.WriteStartObject();
            describe(json);
            json.WriteStartArray("columns");
            foreach (var (name, type, count, data) in columns)
            {
                json.WriteStartArray();
                json.WriteStringValue(name);
                json.WriteStringValue(type);
                json.WriteNumberValue(count);
                json.WriteNumberValue(data.Length);
                json.WriteEndArray();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        using var block = new MemoryStream();
        using (var gzip = new GZipStream(block, level, leaveOpen: true))
        {
            Span<byte> length = stackalloc byte[4];
            BinaryPrimitives.WriteInt32LittleEndian(length, (int)header.Length);
            gzip.Write(length);
            gzip.Write(header.GetBuffer().AsSpan(0, (int)header.Length));
            foreach (var (_, _, _, data) in columns)
                gzip.Write(data);
        }
        return block.ToArray();
    }

    private void Variable(string name, string type, IEnumerable<long> values, bool difference)
    {
        using var data = new MemoryStream();
        var (count, last) = (0, 0L);
        foreach (var value in values)
        {
            // Zigzag: 0, -1, 1, -2 … become 0, 1, 2, 3 …
            var step = value - last;
            var rest = difference ? (ulong)((step << 1) ^ (step >> 63)) : (ulong)value;
            for (; rest >= 0x80; rest >>= 7)
                data.WriteByte((byte)(rest | 0x80));
            data.WriteByte((byte)rest);
            (count, last) = (count + 1, value);
        }
        columns.Add((name, type, count, data.ToArray()));
    }
}
