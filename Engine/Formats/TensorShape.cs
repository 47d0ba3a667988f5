using Engine.Data;

namespace Engine.Formats;

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
