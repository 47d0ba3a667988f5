using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using System.Text.Json;

namespace Sweeps.Page.Columns;

/// <summary>
/// Writes columns as one block compressed with gzip: the length of the header (little-endian int32), a JSON header, and the columns in the
/// order of the header. Floating-point numbers are split into byte planes (all lowest bytes, then all second bytes …), because the bytes of
/// sign and exponent repeat and compress well. <c>decode.js</c> reads the block.
/// </summary>
internal sealed class ColumnWriter
{
    private readonly List<(string Name, string Type, int Count, byte[] Data)> columns = [];

    /// <summary>Adds integers from 0, as LEB128: seven bits per byte, lowest first.</summary>
    public void Whole(string name, IEnumerable<long> values) => Variable(name, "whole", values, difference: false);

    /// <summary>Adds integers as differences to the previous value (the first to 0), in zigzag LEB128.</summary>
    public void Difference(string name, IEnumerable<long> values) => Variable(name, "difference", values, difference: true);

    /// <summary>Adds numbers in single precision.</summary>
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

    /// <summary>Adds numbers in double precision: for integers above 2²⁴ and for values whose order must be exact.</summary>
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

    /// <summary>Adds text in UTF-8. The count in the header is the number of bytes.</summary>
    public void Text(string name, string text)
    {
        var data = Encoding.UTF8.GetBytes(text);
        columns.Add((name, "text", data.Length, data));
    }

    /// <summary>Returns the block. <paramref name="describe"/> writes further members of the header's object.</summary>
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
            // Zigzag encoding: 0, -1, 1, -2 … become 0, 1, 2, 3 …
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
