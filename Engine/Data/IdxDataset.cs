namespace Engine.Data;

/// <summary>Reads a data set from pairs of IDX files: a file of images and a file of labels.</summary>
public static class IdxDataset
{
    /// <summary>
    /// Reads the four files with their usual names (<see cref="IdxNames"/>), plain or gzipped, from a folder. The test pair may be absent.
    /// Throws <see cref="DataFileException"/> when one file of a pair is missing.
    /// </summary>
    public static Dataset FromFolder(string name, string folder, IReadOnlyList<string>? classNames = null) => FromFiles(
        name,
        (Required(folder, IdxNames.TrainImages), Required(folder, IdxNames.TrainLabels)),
        IdxNames.Find(folder, IdxNames.TestImages) is null && IdxNames.Find(folder, IdxNames.TestLabels) is null
            ? null
            : (Required(folder, IdxNames.TestImages), Required(folder, IdxNames.TestLabels)),
        classNames);

    /// <summary>
    /// Reads a training pair and, if given, a test pair. Without class names the number of classes is the largest training label + 1.
    /// Throws <see cref="DataFileException"/>.
    /// </summary>
    public static Dataset FromFiles(
        string name, (string Images, string Labels) train, (string Images, string Labels)? test, IReadOnlyList<string>? classNames = null)
    {
        var images = IdxFile.ReadImages(train.Images);
        var labels = IdxFile.ReadLabels(train.Labels);
        classNames ??= [.. Enumerable.Range(0, labels.Data.Max() + 1).Select(c => $"{c}")];

        var size = images.Dimensions.Skip(1).ToArray();
        var trainPart = Pair(images, labels, classNames.Count);
        var testPart = new Samples(Array.Empty<byte>(), [], trainPart.Features);
        if (test is { } pair)
        {
            var testImages = IdxFile.ReadImages(pair.Images);
            var testSize = testImages.Dimensions.Skip(1).ToArray();
            if (!testSize.SequenceEqual(size))
                throw new DataFileException(pair.Images, "byte 8", $"images of {string.Join("×", testSize)}", $"{string.Join("×", size)}, as in {train.Images}");

            testPart = Pair(testImages, IdxFile.ReadLabels(pair.Labels), classNames.Count);
        }

        return new Dataset(name, size[0], size[1], size.Length > 2 ? size[2] : 1, classNames, trainPart, testPart);
    }

    private static Samples Pair(IdxArray images, IdxArray labels, int classes)
    {
        if (images.Count != labels.Count)
            throw new DataFileException(labels.File, "byte 4", $"{labels.Count:N0} labels", $"{images.Count:N0}, one for each image of {images.File}");

        CheckLabels(labels, classes);
        return new Samples(images.Data, labels.Data, images.Data.Length / images.Count);
    }

    /// <summary>Throws <see cref="DataFileException"/> for a label that is not less than the number of classes.</summary>
    internal static void CheckLabels(IdxArray labels, int classes)
    {
        var wrong = labels.Data.AsSpan().IndexOfAnyExceptInRange((byte)0, (byte)(classes - 1));
        if (wrong >= 0)
            throw new DataFileException(labels.File, $"byte {labels.Start + wrong}", $"label {labels.Data[wrong]}", $"0 to {classes - 1}");
    }

    private static string Required(string folder, string file) =>
        IdxNames.Find(folder, file)
        ?? throw new DataFileException(Path.Combine(folder, file), null, "there is no such file, plain or .gz", "the four usual IDX files in this folder");
}
