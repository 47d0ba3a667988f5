using StbImageSharp;

namespace Engine.Data;

/// <summary>
/// Reads a data set from PNG and JPEG files in one folder per class. The class folders are in <c>train</c> and, optionally, in <c>test</c>
/// and <c>val</c> beside it; or directly in the given folder, which is then the training part.
/// </summary>
public static class ImageFolder
{
    private static readonly string[] Endings = [".png", ".jpg", ".jpeg"];

    /// <summary>Reads all images. Throws <see cref="DataFileException"/>.</summary>
    /// <param name="name">The name of the data set.</param>
    /// <param name="folder">The folder.</param>
    /// <param name="size">Height and width to which images are resized; null when all images must already have the same size.</param>
    /// <param name="channels">1 for gray, 3 for colour; null for that of the first image.</param>
    public static Dataset Read(string name, string folder, (int Height, int Width)? size, int? channels)
    {
        if (!Directory.Exists(folder))
            throw new DataFileException(folder, null, "there is no such folder", "a folder of images, with a subfolder for each class");
        var trainFolder = Part(folder, "train") ?? folder;
        string[] classes = [.. Directory.GetDirectories(trainFolder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];
        if (classes.Length is 0 or > TableDataset.MaxClasses)
            throw new DataFileException(trainFolder, null, $"{classes.Length} subfolders", $"one for each class, at most {TableDataset.MaxClasses}");
        var train = Files(trainFolder, classes);
        if (train.Count == 0)
            throw new DataFileException(trainFolder, null, "no images in its subfolders", $"files that end in {string.Join(", ", Endings)}");
        var first = Decode(train[0].File, channels);
        var shape = new ImageShape(size?.Height ?? first.Height, size?.Width ?? first.Width, channels ?? (first.SourceComp is ColorComponents.Grey or ColorComponents.GreyAlpha ? 1 : 3));
        var separate = trainFolder != folder;
        var validation = separate && (Part(folder, "val") ?? Part(folder, "valid") ?? Part(folder, "validation")) is { } held ? Files(held, classes) : [];
        var test = separate && Part(folder, "test") is { } tested ? Files(tested, classes) : [];
        return new Dataset(
            name, shape.Height, shape.Width, shape.Channels, classes, Load([.. train, .. validation], shape, size is not null), Load(test, shape, size is not null))
        {
            ValidationStart = validation.Count > 0 ? train.Count : null,
        };
    }

    /// <summary>Whether the extension of a file is that of an image.</summary>
    internal static bool IsImage(string file) => Endings.Contains(Path.GetExtension(file).ToLowerInvariant());

    /// <summary>
    /// Reads one image file or all images of a folder, in the order of their names and resized to <paramref name="shape"/>: (images ×
    /// height × width × channels). Throws <see cref="DataFileException"/>, also unless there are 1 or 3 channels.
    /// </summary>
    internal static byte[] ReadImages(string path, ImageShape shape)
    {
        if (shape.Channels is not (1 or 3))
            throw new DataFileException(path, null, "image files, which have 1 or 3 channels", $"an IDX file of images with {shape.Channels} channels, as the model was trained with");
        string[] files = Directory.Exists(path) ? [.. Directory.GetFiles(path).Where(IsImage).Order(StringComparer.Ordinal)] : [path];
        return files.Length > 0
            ? [.. files.SelectMany(file => ReadImage(file, shape, resize: true))]
            : throw new DataFileException(path, null, "no images", $"files that end in {string.Join(", ", Endings)}");
    }

    /// <summary>
    /// Reads an image file as (height × width × channels) bytes. An image of another size is resized, or throws
    /// <see cref="DataFileException"/> without <paramref name="resize"/>.
    /// </summary>
    internal static byte[] ReadImage(string file, ImageShape shape, bool resize)
    {
        var image = Decode(file, shape.Channels);
        if ((image.Height, image.Width) == (shape.Height, shape.Width))
            return image.Data;
        return resize
            ? ImageResizing.Resize(image.Data, image.Height, image.Width, shape)
            : throw new DataFileException(file, null, $"an image of {image.Height} × {image.Width}", $"{shape.Height} × {shape.Width}, as the first; or 'size' in the data set, to which images are resized");
    }

    private static string? Part(string folder, string part) => Path.Combine(folder, part) is var path && Directory.Exists(path) ? path : null;

    private static List<(string File, byte Label)> Files(string folder, string[] classes)
    {
        if (Directory.GetDirectories(folder).Select(path => Path.GetFileName(path)).FirstOrDefault(name => !classes.Contains(name)) is { } other)
            throw new DataFileException(Path.Combine(folder, other), null, "a class that the training part does not have", $"one of {string.Join(", ", classes.Take(12))}");
        return
        [
            .. classes.Index().Where(pair => Directory.Exists(Path.Combine(folder, pair.Item))).SelectMany(pair =>
                Directory.GetFiles(Path.Combine(folder, pair.Item)).Where(IsImage)
                    .Order(StringComparer.Ordinal).Select(file => (file, (byte)pair.Index))),
        ];
    }

    private static Samples Load(List<(string File, byte Label)> files, ImageShape shape, bool resize)
    {
        if ((long)files.Count * shape.Size > Array.MaxLength)
            throw new DataFileException(
                Path.GetDirectoryName(Path.GetDirectoryName(files[0].File))!, null,
                $"{files.Count:N0} images of {shape.Height} × {shape.Width} × {shape.Channels} bytes", "at most 2 GB in memory; give a smaller 'size' in the data set");
        var pixels = new byte[(long)files.Count * shape.Size];
        foreach (var (i, (file, _)) in files.Index())
            ReadImage(file, shape, resize).CopyTo(pixels.AsSpan(i * shape.Size));
        return new Samples(pixels, [.. files.Select(file => file.Label)], shape.Size);
    }

    private static ImageResult Decode(string file, int? channels)
    {
        try
        {
            using var stream = File.OpenRead(file);
            return ImageResult.FromStream(stream, channels switch { 1 => ColorComponents.Grey, 3 => ColorComponents.RedGreenBlue, _ => ColorComponents.Default });
        }
        catch (Exception e) when (e is UnauthorizedAccessException or FileNotFoundException or DirectoryNotFoundException)
        {
            throw new DataFileException(file, null, "cannot be opened", "a readable file", e);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The decoder throws exceptions of many types for damaged files.
            throw new DataFileException(file, null, "not a valid PNG or JPEG file", "an undamaged image", e);
        }
    }
}

/// <summary>Resizes images bilinearly with antialiasing: a triangle filter as wide as a pixel of the smaller image.</summary>
internal static class ImageResizing
{
    /// <summary>Resizes (height × width × channels) bytes to <paramref name="shape"/>, which has the same number of channels.</summary>
    public static byte[] Resize(byte[] pixels, int height, int width, ImageShape shape)
    {
        var channels = shape.Channels;
        var columns = Weights(width, shape.Width);
        var rows = Weights(height, shape.Height);
        var narrowed = new float[height * shape.Width * channels];
        for (var y = 0; y < height; y++)
            for (var x = 0; x < shape.Width; x++)
                for (var c = 0; c < channels; c++)
                    foreach (var (from, weight) in columns[x])
                        narrowed[(y * shape.Width + x) * channels + c] += weight * pixels[(y * width + from) * channels + c];
        var resized = new byte[shape.Size];
        var line = shape.Width * channels;
        for (var y = 0; y < shape.Height; y++)
            for (var i = 0; i < line; i++)
            {
                var sum = 0f;
                foreach (var (from, weight) in rows[y])
                    sum += weight * narrowed[from * line + i];
                resized[y * line + i] = (byte)Math.Clamp(MathF.Round(sum), 0, 255);
            }
        return resized;
    }

    private static (int From, float Weight)[][] Weights(int from, int to)
    {
        var scale = (double)from / to;
        var reach = Math.Max(1, scale);
        return [.. Enumerable.Range(0, to).Select(place =>
        {
            var center = (place + 0.5) * scale;
            var near = Enumerable.Range(0, from).Select(i => (i, Weight: Math.Max(0, 1 - Math.Abs(i + 0.5 - center) / reach))).Where(term => term.Weight > 0).ToArray();
            var sum = near.Sum(term => term.Weight);
            return near.Select(term => (term.i, (float)(term.Weight / sum))).ToArray();
        })];
    }
}
