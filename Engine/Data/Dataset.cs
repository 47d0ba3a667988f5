namespace Engine.Data;

/// <summary>
/// A classification data set: a training part (from which validation is split) and a test part that is looked at once.
/// Immutable and shared by every run of the process.
/// </summary>
/// <param name="Name">The name it is asked for by: <c>fashion-mnist</c>, <c>mnist</c>, <c>glyphs</c>, or a path.</param>
/// <param name="Height">Rows of an image; 1 for tables.</param>
/// <param name="Width">Columns of an image; the number of features for tables.</param>
/// <param name="Channels">Values per pixel, interleaved (height, width, channel); 1 for tables.</param>
/// <param name="ClassNames">One name per class, in label order.</param>
/// <param name="Train">The training part.</param>
/// <param name="Test">The test part; may be empty for a table without one.</param>
public sealed record Dataset(
    string Name, int Height, int Width, int Channels, IReadOnlyList<string> ClassNames, Samples Train, Samples Test)
{
    /// <summary>One name per feature, for a table; empty for images.</summary>
    public IReadOnlyList<string> Columns { get; init; } = [];

    /// <summary>The number of classes.</summary>
    public int Classes => ClassNames.Count;

    /// <summary>Features per example: height × width × channels.</summary>
    public int Features => Height * Width * Channels;
}
