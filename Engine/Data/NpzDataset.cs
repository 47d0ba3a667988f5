using System.Globalization;

namespace Engine.Data;

/// <summary>
/// Reads a data set from the arrays of a NumPy <c>.npz</c> file: <c>x_train</c> and <c>y_train</c>, and optionally <c>x_val</c>,
/// <c>y_val</c> and <c>x_test</c>, <c>y_test</c>. Names ignore case. <c>x</c> and <c>y</c> without a suffix are the training part.
/// </summary>
/// <remarks>
/// x is (examples × features) or images, (examples × height × width) or (examples × height × width × channels). The type and shape of y
/// decide the task: one integer per example or one-hot rows are classes; other rows of 0 and 1 are multi-label targets; floating-point
/// numbers are regression targets.
/// </remarks>
public static class NpzDataset
{
    private static readonly string[] Validation = ["val", "valid", "validation"];

    /// <summary>Reads a file. Throws <see cref="DataFileException"/>.</summary>
    /// <param name="name">The name of the data set.</param>
    /// <param name="file">The file.</param>
    /// <param name="channelsFirst">Whether images are (examples × channels × height × width).</param>
    public static Dataset FromFile(string name, string file, bool channelsFirst = false)
    {
        byte[] content;
        try
        {
            content = File.ReadAllBytes(file);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException)
        {
            throw new DataFileException(file, null, "cannot be opened", "a readable file", e);
        }
        var arrays = NpzArchive.Entries(content, file).Where(entry => entry.Name.EndsWith(".npy", StringComparison.Ordinal))
            .Select(entry => NpyArray.Read(entry.Content, file, Path.GetFileNameWithoutExtension(entry.Name)))
            .ToDictionary(array => array.Name, StringComparer.OrdinalIgnoreCase);
        var train = Find(arrays, "train") ?? (arrays.TryGetValue("x", out var x) && arrays.TryGetValue("y", out var y) ? (x, y) : throw new DataFileException(
            file, null, $"arrays {string.Join(", ", arrays.Keys)}", "x_train and y_train"));
        var shape = ShapeOf(train.X, file, channelsFirst);
        var output = OutputOf(train.Y, file);
        var parts = new[] { train }.Concat(Validation.Select(part => Find(arrays, part)).OfType<(NpyArray X, NpyArray Y)>().Take(1)).ToArray();
        foreach (var part in parts.Skip(1).Append(Find(arrays, "test") ?? train))
            if (!part.X.Shape.Skip(1).SequenceEqual(train.X.Shape.Skip(1)))
                throw new DataFileException(file, $"array '{part.X.Name}'", $"examples of ({string.Join(", ", part.X.Shape.Skip(1))})", $"({string.Join(", ", train.X.Shape.Skip(1))}), as in {train.X.Name}");
        return new Dataset(
            name, shape.Height, shape.Width, shape.Channels, output, ToSamples(parts, output, shape, file, channelsFirst),
            ToSamples(Find(arrays, "test") is { } test ? [test] : [], output, shape, file, channelsFirst))
        {
            ValidationStart = parts.Length > 1 ? train.X.Shape[0] : null,
        };
    }

    private static (NpyArray X, NpyArray Y)? Find(Dictionary<string, NpyArray> arrays, string part) =>
        arrays.TryGetValue($"x_{part}", out var x) && arrays.TryGetValue($"y_{part}", out var y) ? (x, y) : null;

    private static ImageShape ShapeOf(NpyArray x, string file, bool channelsFirst) => (x.Shape, channelsFirst) switch
    {
        _ when x.Shape.Any(size => size == 0) => throw new DataFileException(file, $"array '{x.Name}'", $"shape ({string.Join(", ", x.Shape)})", "at least one example and one feature"),
        ([_, var features], _) => new ImageShape(1, features, 1),
        ([_, var height, var width], _) => new ImageShape(height, width, 1),
        ([_, var height, var width, var channels], false) => new ImageShape(height, width, channels),
        ([_, var channels, var height, var width], true) => new ImageShape(height, width, channels),
        _ => throw new DataFileException(file, $"array '{x.Name}'", $"{x.Shape.Length} dimensions", "2 to 4: (examples, features), (examples, height, width) or (examples, height, width, channels)"),
    };

    private static OutputSpec OutputOf(NpyArray y, string file)
    {
        var width = Width(y, file);
        var numbers = y.ToFloats();
        if (!y.IsWhole)
            return new OutputSpec(LearningTask.Regression, Names("y", width));
        if (width == 1)
        {
            var most = numbers.Max();
            return numbers.Min() >= 0 && most < TableDataset.MaxClasses
                ? new OutputSpec(LearningTask.Classification, [.. Enumerable.Range(0, (int)most + 1).Select(c => $"{c}")])
                : throw new DataFileException(file, $"array '{y.Name}'", $"classes from {numbers.Min()} to {most}", $"0 to at most {TableDataset.MaxClasses - 1}; floating-point numbers are targets of a regression");
        }
        if (Array.Exists(numbers, number => number is not (0 or 1)))
            throw new DataFileException(file, $"array '{y.Name}'", $"rows of {width} whole numbers other than 0 and 1", "a class each, rows of 0 and 1, or floating-point numbers");
        return IsOneHot(numbers, width)
            ? new OutputSpec(LearningTask.Classification, [.. Enumerable.Range(0, width).Select(c => $"{c}")])
            : new OutputSpec(LearningTask.MultiLabel, Names("label", width));
    }

    private static bool IsOneHot(float[] numbers, int width)
    {
        for (var start = 0; start < numbers.Length; start += width)
            if (numbers.AsSpan(start, width).Count(1f) != 1)
                return false;
        return width <= TableDataset.MaxClasses;
    }

    private static string[] Names(string name, int count) =>
        count == 1 ? [name] : [.. Enumerable.Range(0, count).Select(i => string.Create(CultureInfo.InvariantCulture, $"{name}{i}"))];

    private static int Width(NpyArray y, string file) => y.Shape switch
    {
        [> 0] => 1,
        [> 0, > 0 and var width] => width,
        _ => throw new DataFileException(file, $"array '{y.Name}'", $"shape ({string.Join(", ", y.Shape)})", "(examples) or (examples, outputs)"),
    };

    private static Samples ToSamples((NpyArray X, NpyArray Y)[] parts, OutputSpec output, ImageShape shape, string file, bool channelsFirst)
    {
        foreach (var (x, y) in parts)
            if (x.Shape[0] != y.Shape.FirstOrDefault())
                throw new DataFileException(file, $"array '{y.Name}'", $"{y.Shape.FirstOrDefault():N0} rows", $"{x.Shape[0]:N0}, one for each example of {x.Name}");
        var isImage = shape.Height > 1;
        var floats = parts.All(part => part.X.Type is "|u1") ? null : parts.SelectMany(part => Interleaved(part.X.ToFloats())).ToArray();
        Array values = floats is null ? parts.SelectMany(part => Interleaved(part.X.Data.ToArray())).ToArray()
            : isImage && Array.TrueForAll(floats, x => x is >= 0 and <= 255 && (byte)x == x) && floats.AsSpan().ContainsAnyExceptInRange(0, 1) ? Array.ConvertAll(floats, x => (byte)x)
            : floats;
        if (floats is not null && Array.FindIndex(floats, x => !float.IsFinite(x)) is >= 0 and var wrong)
            throw new DataFileException(file, $"array '{parts[0].X.Name}', example {wrong / shape.Size}", $"{floats[wrong]}", "finite numbers");
        // Bytes share one scaling, floats are scaled per column. The columns of a table need their own scaling.
        if (values is byte[] table && !isImage)
            values = Array.ConvertAll(table, b => (float)b);

        var targets = parts.SelectMany(part => part.Y.ToFloats()).ToArray();
        if (output.Task != LearningTask.Classification)
            return new Samples(values, shape.Size, targets);
        var count = values.Length / shape.Size;
        var labels = new byte[count];
        for (var i = 0; i < count; i++)
        {
            var oneHot = targets.Length != count;
            var label = oneHot ? targets.AsSpan(i * output.Count, output.Count).IndexOf(1f) : (int)targets[i];
            labels[i] = label >= 0 && label < output.Count
                ? (byte)label
                : throw new DataFileException(file, $"array '{parts[0].Y.Name}', example {i}", $"class {label}", $"0 to {output.Count - 1}, as in the training part");
        }
        return values is byte[] bytes ? new Samples(bytes, labels, shape.Size) : new Samples((float[])values, labels, shape.Size);

        T[] Interleaved<T>(T[] from)
        {
            if (!channelsFirst || shape.Channels == 1)
                return from;
            var to = new T[from.Length];
            int area = shape.Height * shape.Width, size = shape.Size;
            for (var i = 0; i < from.Length; i++)
                to[i / size * size + i % area * shape.Channels + i % size / area] = from[i];
            return to;
        }
    }
}
