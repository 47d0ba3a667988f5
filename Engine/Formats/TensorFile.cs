using Engine.Data;

namespace Engine.Formats;

/// <summary>The content of a file of tensors.</summary>
/// <param name="Tensors">The tensors, in file order.</param>
/// <param name="Metadata">The description stored with the tensors, a JSON object; null when there is none.</param>
public sealed record TensorFile(IReadOnlyList<Tensor> Tensors, string? Metadata);

/// <summary>A named array of float32 in row-major order.</summary>
/// <param name="Name">Unique in its file.</param>
/// <param name="Shape">Sizes, slowest first; empty for a single number.</param>
/// <param name="Values">The elements; their number is the product of the sizes.</param>
public sealed record Tensor(string Name, int[] Shape, float[] Values);

internal static class TensorShape
{
    /// <summary>
    /// The number of elements of a shape. Throws <see cref="DataFileException"/> for a negative size or more elements than an array can
    /// hold.
    /// </summary>
    public static long Count(int[] shape, string file, string tensor)
    {
        long count = 1;
        foreach (var size in shape)
            count = size < 0 ? -1 : count < 0 ? count : Math.Min(count * size, int.MaxValue);
        return count is >= 0 and <= 0x1FFF_FFFF
            ? count
            : throw new DataFileException(file, $"tensor '{tensor}'", $"shape ({string.Join(", ", shape)})", "sizes from 0 that multiply to less than 2^29");
    }
}
