using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Engine.Data;

namespace Engine.Formats;

/// <summary>
/// Writes a float32 tensor in NumPy's <c>.npy</c> format, version 1.0, with the header padded to a multiple of 64 bytes, and reads one with
/// <see cref="NpyArray"/>.
/// </summary>
internal static class Npy
{
    public static void Write(Stream destination, Tensor tensor)
    {
        var shape = string.Concat(tensor.Shape.Select(size => string.Create(CultureInfo.InvariantCulture, $"{size}, ")));
        if (tensor.Shape.Length > 1)
            shape = shape[..^2];
        var header = $"{{'descr': '<f4', 'fortran_order': False, 'shape': ({shape.TrimEnd()}), }}";
        header = header.PadRight((header.Length + 1 + 10 + 63) / 64 * 64 - 11) + "\n";

        Span<byte> length = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(length, (ushort)header.Length);
        destination.Write(NpyArray.Magic);
        destination.Write([1, 0]);
        destination.Write(length);
        destination.Write(Encoding.ASCII.GetBytes(header));
        destination.Write(MemoryMarshal.AsBytes<float>(tensor.Values));
    }

    /// <summary>Reads an array of little-endian float32 in C order. Throws <see cref="DataFileException"/>.</summary>
    public static Tensor Read(byte[] content, string file, string name) => NpyArray.Read(content, file, name) is var array && array.Type == "<f4"
        ? new Tensor(name, array.Shape, array.ToFloats())
        : throw new DataFileException(file, $"array '{name}'", $"elements of type {array.Type}", "little-endian float32 ('<f4')");
}
