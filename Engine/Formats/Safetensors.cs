using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using Engine.Data;

namespace Engine.Formats;

/// <summary>
/// The safetensors format: the length of the header as a little-endian 64-bit number, the header in JSON (name → dtype, shape, begin and
/// end of the data), then the data. The key <c>sweep</c> of <c>__metadata__</c> holds <see cref="TensorFile.Metadata"/>.
/// </summary>
public static class Safetensors
{
    private const string MetadataKey = "sweep";
    private const long MaxHeaderBytes = 100_000_000;

    /// <summary>Writes tensors. The header is padded so that the data start at a multiple of eight bytes.</summary>
    public static void Write(Stream destination, TensorFile file)
    {
        using var json = new MemoryStream();
        using (var writer = new Utf8JsonWriter(json))
            WriteHeader(writer, file);
        while (json.Length % 8 != 0)
            json.WriteByte((byte)' ');

        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, json.Length);
        destination.Write(length);
        json.WriteTo(destination);
        foreach (var tensor in file.Tensors)
            destination.Write(MemoryMarshal.AsBytes<float>(tensor.Values));
    }

    /// <summary>Reads a file of float32 tensors. Throws <see cref="DataFileException"/>.</summary>
    public static TensorFile Read(byte[] content, string file)
    {
        if (content.Length < 8)
            throw new DataFileException(file, "byte 0", $"{content.Length} bytes", "a safetensors file, which starts with the length of its header");
        var length = BinaryPrimitives.ReadInt64LittleEndian(content);
        if (length is < 2 or > MaxHeaderBytes || length > content.Length - 8)
            throw new DataFileException(file, "byte 0", $"a header of {length} bytes", $"2 to {content.Length - 8}, what the file can hold");
        try
        {
            using var header = JsonDocument.Parse(content.AsMemory(8, (int)length));
            return ReadTensors(header.RootElement, content, 8 + (int)length, file);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new DataFileException(file, "byte 8", $"a header that is not as safetensors has it ({e.Message.TrimEnd('.')})", "name → dtype, shape, data_offsets", e);
        }
    }

    private static void WriteHeader(Utf8JsonWriter writer, TensorFile file)
    {
        writer.WriteStartObject();
        if (file.Metadata is not null)
        {
            writer.WriteStartObject("__metadata__");
            writer.WriteString(MetadataKey, file.Metadata);
            writer.WriteEndObject();
        }
        long at = 0;
        foreach (var tensor in file.Tensors)
        {
            writer.WriteStartObject(tensor.Name);
            writer.WriteString("dtype", "F32");
            writer.WriteStartArray("shape");
            foreach (var size in tensor.Shape)
                writer.WriteNumberValue(size);
            writer.WriteEndArray();
            writer.WriteStartArray("data_offsets");
            writer.WriteNumberValue(at);
            writer.WriteNumberValue(at += tensor.Values.Length * sizeof(float));
            writer.WriteEndArray();
            writer.WriteEndObject();
        }
        writer.WriteEndObject();
    }

    private static TensorFile ReadTensors(JsonElement header, byte[] content, int start, string file)
    {
        string? metadata = null;
        var tensors = new List<Tensor>();
        var ranges = new List<(long Begin, long End, string Name)>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var entry in header.EnumerateObject())
        {
            if (!names.Add(entry.Name))
                throw new DataFileException(file, $"tensor '{entry.Name}'", "another tensor of this name", "one tensor of each name");
            if (entry.Name == "__metadata__")
            {
                metadata = entry.Value.TryGetProperty(MetadataKey, out var ours) ? ours.GetString() : null;
                continue;
            }
            if (entry.Value.GetProperty("dtype").GetString() is var dtype && dtype != "F32")
                throw new DataFileException(file, $"tensor '{entry.Name}'", $"dtype {dtype}", "F32");

            int[] shape = [.. entry.Value.GetProperty("shape").EnumerateArray().Select(s => s.GetInt32())];
            if (entry.Value.GetProperty("data_offsets").EnumerateArray().Select(o => o.GetInt64()).ToArray() is not [var begin, var end])
                throw new DataFileException(file, $"tensor '{entry.Name}'", "data_offsets that are not two numbers", "where its data begin and end");
            var values = TensorShape.Count(shape, file, entry.Name);
            if (begin < 0 || end < begin || end > content.Length - start || end - begin != values * sizeof(float))
                throw new DataFileException(
                    file, $"tensor '{entry.Name}'", $"data_offsets {begin} to {end}", $"{values * sizeof(float)} bytes within the {content.Length - start} after the header");

            ranges.Add((begin, end, entry.Name));
            tensors.Add(new Tensor(entry.Name, shape, MemoryMarshal.Cast<byte, float>(content.AsSpan(start + (int)begin, (int)(end - begin))).ToArray()));
        }
        ranges.Sort();
        foreach (var (first, second) in ranges.Zip(ranges.Skip(1)))
            if (second.Begin < first.End)
                throw new DataFileException(file, $"tensor '{second.Name}'", $"data that begin inside those of '{first.Name}'", "data of its own for every tensor");
        return new TensorFile(tensors, metadata);
    }
}
