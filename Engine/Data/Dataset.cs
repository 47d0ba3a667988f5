namespace Engine.Data;

/// <summary>
/// A data set: a training part (from which validation is split) and a test part that is looked at once.
/// Immutable and shared by every run of the process.
/// </summary>
/// <param name="Name">The name it is asked for by: <c>fashion-mnist</c>, <c>mnist</c>, <c>glyphs</c>, or a path.</param>
/// <param name="Height">Rows of an image; 1 for tables.</param>
/// <param name="Width">Columns of an image; the number of features for tables.</param>
/// <param name="Channels">Values per pixel, interleaved (height, width, channel); 1 for tables.</param>
/// <param name="Output">What is predicted: the classes, targets or labels.</param>
/// <param name="Train">The training part.</param>
/// <param name="Test">The test part; may be empty.</param>
public sealed record Dataset(string Name, int Height, int Width, int Channels, OutputSpec Output, Samples Train, Samples Test)
{
    /// <summary>A data set of classes.</summary>
    public Dataset(string name, int height, int width, int channels, IReadOnlyList<string> classNames, Samples train, Samples test)
        : this(name, height, width, channels, new OutputSpec(LearningTask.Classification, classNames), train, test) { }

    /// <summary>How the columns of a table became features; null for other data.</summary>
    public TableEncoding? Encoding { get; init; }

    /// <summary>The first example of the training part that is held out for validation, like all after it; null where a share is held out at random.</summary>
    public int? ValidationStart { get; init; }

    /// <summary>Features per example: height × width × channels.</summary>
    public int Features => Height * Width * Channels;
}
