using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;
using Engine.Data;

namespace Engine.Formats;

/// <summary>
/// One array in NumPy's <c>.npy</c> format, version 1.0: magic, version, the length of the header, the header as a Python dictionary
/// padded to a multiple of 64 bytes, then the data.
/// </summary>
internal static partial class Npy
{
    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    public static void Write(Stream destination, Tensor tensor)
    {
        var shape = string.Concat(tensor.Shape.Select(size => string.Create(CultureInfo.InvariantCulture, $"{size}, ")));
        if (tensor.Shape.Length > 1)
            shape = shape[..^2];
        var header = $"{{'descr': '<f4', 'fortran_order': False, 'shape': ({shape.TrimEnd()}), }}";
        header = header.PadRight((header.Length + 1 + 10 + 63) / 64 * 64 - 11) + "\n";

        Span<byte> length = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(length, (ushort)header.Length);
        destination.Write(Magic);
        destination.Write([1, 0]);
        destination.Write(length);
        destination.Write(Encoding.ASCII.GetBytes(header));
        destination.Write(MemoryMarshal.AsBytes<float>(tensor.Values));
    }

    public static Tensor Read(byte[] content, string file, string name)
    {
        if (content.Length < 12 || !content.AsSpan(0, 6).SequenceEqual(Magic) || content[6] is not (1 or 2))
            throw new DataFileException(file, $"array '{name}'", "no .npy header of version 1 or 2", "an array that numpy wrote");
        var (start, length) = content[6] == 1
            ? (10, BinaryPrimitives.ReadUInt16LittleEndian(content.AsSpan(8)))
            : (12, BinaryPrimitives.ReadUInt32LittleEndian(content.AsSpan(8)));
        if (length > content.Length - start)
            throw new DataFileException(file, $"array '{name}'", $"a header of {length} bytes", $"at most {content.Length - start}, what the array can hold");

        var header = Encoding.ASCII.GetString(content, start, (int)length);
        var match = Header().Match(header);
        if (!match.Success)
            throw new DataFileException(file, $"array '{name}'", $"header {header.Trim()}", "little-endian float32 ('<f4') in C order");

        int[] shape = [.. match.Groups[1].Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Size)];
        var data = content.AsSpan(start + (int)length);
        var count = TensorShape.Count(shape, file, name);
        return data.Length == count * sizeof(float)
            ? new Tensor(name, shape, MemoryMarshal.Cast<byte, float>(data).ToArray())
            : throw new DataFileException(file, $"array '{name}'", $"{data.Length} bytes of data", $"{count * sizeof(float)} for shape ({string.Join(", ", shape)})");

        int Size(string digits) => int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var size)
            ? size
            : throw new DataFileException(file, $"array '{name}'", $"size {digits}", "a number below 2^31");
    }

    [GeneratedRegex(@"^\{'descr': '<f4', 'fortran_order': False, 'shape': \(([0-9, ]*)\),? *\}\s*$")]
    private static partial Regex Header();
}
