using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;

namespace Engine.Formats;

/// <summary>Writes images in the PNG format (ISO/IEC 15948): eight bits per channel, gray or RGB, without filters.</summary>
public static class Png
{
    private const byte Gray = 0, Rgb = 2;

    /// <summary>
    /// Encodes (height × width × channels) bytes as a PNG file. Unless there are 1 or 3 channels, only the first channel is written, as
    /// gray.
    /// </summary>
    public static byte[] Encode(int height, int width, int channels, ReadOnlySpan<byte> pixels)
    {
        var shown = channels == 3 ? 3 : 1;
        using var rows = new MemoryStream();
        using (var zip = new ZLibStream(rows, CompressionLevel.Fastest, leaveOpen: true))
        {
            var line = new byte[1 + width * shown];
            for (var y = 0; y < height; y++)
            {
                for (var x = 0; x < width; x++)
                    pixels.Slice((y * width + x) * channels, shown).CopyTo(line.AsSpan(1 + x * shown));
                zip.Write(line);
            }
        }
        using var file = new MemoryStream();
        file.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0d, 0x0a, 0x1a, 0x0a]);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        header[8] = 8;
        header[9] = shown == 3 ? Rgb : Gray;
        Chunk(file, "IHDR"u8, header);
        Chunk(file, "IDAT"u8, rows.ToArray());
        Chunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    private static void Chunk(Stream file, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        file.Write(number);
        file.Write(type);
        file.Write(data);
        var sum = new Crc32();
        sum.Append(type);
        sum.Append(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, sum.GetCurrentHashAsUInt32());
        file.Write(number);
    }
}
