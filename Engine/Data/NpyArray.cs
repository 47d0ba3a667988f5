using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;

namespace Engine.Data;

/// <summary>An array in NumPy's <c>.npy</c> format, version 1.0 or 2.0: magic, version, length of the header, the header as a Python dictionary, data.</summary>
/// <param name="Name">The name in the archive.</param>
/// <param name="Type">The element type: <c>&lt;f4</c>, <c>|u1</c> …</param>
/// <param name="Shape">Sizes, slowest first; C order.</param>
/// <param name="Data">The elements, little-endian.</param>
internal sealed partial record NpyArray(string Name, string Type, int[] Shape, ReadOnlyMemory<byte> Data)
{
    internal static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>Whether the elements are integers or booleans.</summary>
    public bool IsWhole => Type[1] is 'u' or 'i' or 'b';

    /// <summary>Parses an array. Throws <see cref="DataFileException"/> unless the elements are little-endian numbers in C order.</summary>
    public static NpyArray Read(byte[] content, string file, string name)
    {
        if (content.Length < 12 || !content.AsSpan(0, 6).SequenceEqual(Magic) || content[6] is not (1 or 2))
            throw Refuse("no .npy header of version 1 or 2", "an array that numpy wrote");
        var (start, length) = content[6] == 1
            ? (10, BinaryPrimitives.ReadUInt16LittleEndian(content.AsSpan(8)))
            : (12, BinaryPrimitives.ReadUInt32LittleEndian(content.AsSpan(8)));
        if (length > content.Length - start)
            throw Refuse($"a header of {length} bytes", $"at most {content.Length - start}, what the array can hold");
        var header = Encoding.ASCII.GetString(content, start, (int)length);
        var match = Header().Match(header);
        if (!match.Success)
            throw Refuse($"header {header.Trim()}", "little-endian numbers in C order, such as numpy.ascontiguousarray(x, dtype='uint8') or 'float32'");

        int[] shape = [.. match.Groups["shape"].Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Size)];
        var type = match.Groups["type"].Value;
        long count = 1;
        foreach (var size in shape)
            count = Math.Min(count * size, int.MaxValue);
        if (count * (type[2] - '0') > Array.MaxLength)
            throw Refuse($"shape ({string.Join(", ", shape)})", "less than 2 GB");
        var data = content.AsMemory(start + (int)length);
        return data.Length == count * (type[2] - '0')
            ? new NpyArray(name, type, shape, data)
            : throw Refuse($"{data.Length} bytes of data", $"{count * (type[2] - '0')} for shape ({string.Join(", ", shape)})");

        int Size(string digits) => int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var size) ? size : throw Refuse($"size {digits}", "a number below 2^31");

        DataFileException Refuse(string found, string expected) => new(file, $"array '{name}'", found, expected);
    }

    /// <summary>The elements as float32.</summary>
    public float[] ToFloats()
    {
        var data = Data.Span;
        return Type[1..] switch
        {
            "f4" => MemoryMarshal.Cast<byte, float>(data).ToArray(),
            "f8" => Convert<double>(data, x => (float)x),
            "f2" => Convert<Half>(data, x => (float)x),
            "u1" or "b1" => Convert<byte>(data, x => x),
            "i1" => Convert<sbyte>(data, x => x),
            "u2" => Convert<ushort>(data, x => x),
            "i2" => Convert<short>(data, x => x),
            "u4" => Convert<uint>(data, x => x),
            "i4" => Convert<int>(data, x => x),
            "u8" => Convert<ulong>(data, x => x),
            _ => Convert<long>(data, x => x),
        };
    }

    private static float[] Convert<T>(ReadOnlySpan<byte> data, Func<T, float> convert) where T : struct
    {
        var from = MemoryMarshal.Cast<byte, T>(data);
        var to = new float[from.Length];
        for (var i = 0; i < to.Length; i++)
            to[i] = convert(from[i]);
        return to;
    }

    [GeneratedRegex(@"^\{'descr': '(?<type>[<|](f[248]|u[1248]|i[1248]|b1))', 'fortran_order': False, 'shape': \((?<shape>[0-9, ]*)\),? *\}\s*$")]
    private static partial Regex Header();
}
