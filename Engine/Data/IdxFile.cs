using System.Buffers.Binary;
using System.IO.Compression;

namespace Engine.Data;

/// <summary>
/// Reads IDX files of unsigned bytes, the format of MNIST: two zero bytes, the element type (8), the number of dimensions, each dimension
/// as a big-endian 32-bit number, then the elements in row-major order. Gzip is detected by its first two bytes, whatever the name of the
/// file. Any other content throws <see cref="DataFileException"/>.
/// </summary>
public static class IdxFile
{
    private const int UnsignedByte = 0x08;

    // The largest compression ratio of Deflate. A header that declares more elements than this allows is damaged, and refusing it prevents
    // a huge allocation.
    private const long MaxCompressionRatio = 1032;

    /// <summary>Reads images: dimensions (count, height, width) or (count, height, width, channels).</summary>
    public static IdxArray ReadImages(string file) => Read(file, "images", 3, 4);

    /// <summary>Reads labels: dimension (count).</summary>
    public static IdxArray ReadLabels(string file) => Read(file, "labels", 1, 1);

    /// <summary>Reads an array of <paramref name="fewest"/> to <paramref name="most"/> dimensions.</summary>
    /// <param name="file">The file's path.</param>
    /// <param name="what">The expected content, for error messages.</param>
    /// <param name="fewest">The smallest allowed number of dimensions.</param>
    /// <param name="most">The largest allowed number of dimensions.</param>
    public static IdxArray Read(string file, string what, int fewest, int most)
    {
        try
        {
            using var stored = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
            var gzip = stored.ReadByte() == 0x1f & stored.ReadByte() == 0x8b;
            stored.Position = 0;
            var mostBytes = gzip ? stored.Length * MaxCompressionRatio : stored.Length;
            using var content = gzip ? new GZipStream(stored, CompressionMode.Decompress) : (Stream)stored;
            return Read(content, file, what, fewest, most, mostBytes);
        }
        catch (InvalidDataException e)
        {
            throw new DataFileException(file, null, $"not a valid gzip file ({e.Message.TrimEnd('.')})", "an undamaged file: fetch it again", e);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException)
        {
            throw new DataFileException(file, null, "cannot be opened", "a readable file", e);
        }
    }

    private static IdxArray Read(Stream content, string file, string what, int fewest, int most, long mostBytes)
    {
        Span<byte> word = stackalloc byte[4];
        ReadExactly(content, word, 0, file, "a four-byte IDX header");
        if (word[0] != 0 || word[1] != 0)
            throw new DataFileException(file, "byte 0", $"magic number 0x{Convert.ToHexStringLower(word)}", "an IDX file, which starts with 00 00");
        if (word[2] != UnsignedByte)
            throw new DataFileException(file, "byte 2", $"element type 0x{word[2]:x2}", "0x08, unsigned bytes");

        int rank = word[3];
        if (rank < fewest || rank > most)
        {
            var allowed = fewest == most ? $"{fewest}" : $"{fewest} or {most}";
            var mixedUp = rank == 1 ? ", a file of labels" : rank is 3 or 4 ? ", a file of images" : "";
            throw new DataFileException(file, "byte 3", $"{rank} {(rank == 1 ? "dimension" : "dimensions")}{mixedUp}", $"{allowed} for {what}");
        }

        var dimensions = new int[rank];
        long elements = 1;
        for (var d = 0; d < rank; d++)
        {
            var at = 4 * (d + 1);
            ReadExactly(content, word, at, file, $"dimension {d + 1} of {rank}");
            var size = BinaryPrimitives.ReadUInt32BigEndian(word);
            if (size is 0 or > int.MaxValue)
                throw new DataFileException(file, $"byte {at}", $"dimension {d + 1} of {rank} is {size}", "1 to 2,147,483,647");

            elements = Math.Min(elements * size, long.MaxValue >> 32);
            dimensions[d] = (int)size;
        }

        var start = 4 * (rank + 1);
        if (elements > Array.MaxLength || elements > mostBytes)
        {
            var shape = string.Join(" × ", dimensions);
            throw new DataFileException(file, "byte 4", $"dimensions {shape} need {elements:N0} bytes", $"what the file can hold, at most {Math.Max(0, mostBytes - start):N0}");
        }

        var data = new byte[elements];
        ReadExactly(content, data, start, file, $"{elements:N0} elements after the header of {start} bytes");
        if (content.ReadByte() >= 0)
            throw new DataFileException(file, $"byte {start + elements}", "more bytes", $"the end of the file, after {elements:N0} elements");

        return new IdxArray(file, dimensions, data);
    }

    private static void ReadExactly(Stream content, Span<byte> destination, long at, string file, string expected)
    {
        var read = content.ReadAtLeast(destination, destination.Length, throwOnEndOfStream: false);
        if (read < destination.Length)
            throw new DataFileException(file, $"byte {at + read}", "the file ends", expected);
    }
}
