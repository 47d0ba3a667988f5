namespace Engine.Convolution;

/// <summary>
/// Consecutive terms of the sum that makes one pixel: <see cref="Depth"/> values that lie side by side both in the source image, from
/// <see cref="Source"/> on, and in the rows of the weights, from <see cref="WeightRow"/> on.
/// </summary>
internal readonly record struct Segment(int Source, int WeightRow, int Depth);
