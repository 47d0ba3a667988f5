using Engine.Data;

namespace Engine.Formats;

/// <summary>What a file of tensors holds.</summary>
/// <param name="Tensors">In file order.</param>
/// <param name="Metadata">The description stored beside them, a JSON object, or null when there is none.</param>
public sealed record TensorFile(IReadOnlyList<Tensor> Tensors, string? Metadata);

/// <summary>A named array of float32 in row-major order.</summary>
/// <param name="Name">Unique in its file.</param>
/// <param name="Shape">Sizes, slowest first; empty for a single number.</param>
/// <param name="Values">As many as the product of the sizes.</param>
public sealed record Tensor(string Name, int[] Shape, float[] Values);

internal static class TensorShape
{
    /// <summary>The number of values of a shape, refused when negative or too many for an array.</summary>
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
