namespace Engine.Data;

/// <summary>The content of an IDX file of bytes.</summary>
/// <param name="File">The path of the file.</param>
/// <param name="Dimensions">Sizes, slowest first; the first is the number of examples.</param>
/// <param name="Data">The elements, row-major.</param>
public sealed record IdxArray(string File, IReadOnlyList<int> Dimensions, byte[] Data)
{
    /// <summary>The first dimension: the number of examples.</summary>
    public int Count => Dimensions[0];

    /// <summary>The offset of the first element in the uncompressed file, in bytes.</summary>
    public int Start => 4 * (Dimensions.Count + 1);
}
