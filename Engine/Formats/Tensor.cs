namespace Engine.Formats;

/// <summary>A named array of float32 in row-major order.</summary>
/// <param name="Name">Unique in its file.</param>
/// <param name="Shape">Sizes, slowest first; empty for a single number.</param>
/// <param name="Values">As many as the product of the sizes.</param>
public sealed record Tensor(string Name, int[] Shape, float[] Values);
