namespace Engine.Data;

/// <summary>
/// A data set: a training part, from which the validation examples are split, and a test part for the final evaluation. Immutable and
/// shared by all runs of the process.
/// </summary>
/// <param name="Name">The name by which it is loaded: <c>fashion-mnist</c>, <c>glyphs</c>, <c>csv:FILE</c> …</param>
/// <param name="Height">Rows of an image; 1 for tables.</param>
/// <param name="Width">Columns of an image; the number of features for tables.</param>
/// <param name="Channels">Values per pixel, interleaved (height, width, channel); 1 for tables.</param>
/// <param name="Output">The outputs to predict: classes, targets or labels.</param>
/// <param name="Train">The training part.</param>
/// <param name="Test">The test part; may be empty.</param>
public sealed record Dataset(string Name, int Height, int Width, int Channels, OutputSpec Output, Samples Train, Samples Test)
{
    /// <summary>A data set for classification.</summary>
    public Dataset(string name, int height, int width, int channels, IReadOnlyList<string> classNames, Samples train, Samples test)
        : this(name, height, width, channels, new OutputSpec(LearningTask.Classification, classNames), train, test) { }

    /// <summary>The encoding of a table's columns as features; null for other data.</summary>
    public TableEncoding? Encoding { get; init; }

    /// <summary>
    /// The index in <see cref="Train"/> at which the data set's own validation part starts; it extends to the end. Null when a share is
    /// held out at random.
    /// </summary>
    public int? ValidationStart { get; init; }

    /// <summary>Features per example: height × width × channels.</summary>
    public int Features => Height * Width * Channels;
}
