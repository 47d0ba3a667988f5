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
        var arrays = new Dictionary<string, NpyArray>(StringComparer.OrdinalIgnoreCase);
        foreach (var entry in NpzArchive.Entries(content, file).Where(entry => entry.Name.EndsWith(".npy", StringComparison.Ordinal)))
        {
            var array = NpyArray.Read(entry.Content, file, Path.GetFileNameWithoutExtension(entry.Name));
            if (!arrays.TryAdd(array.Name, array))
                throw new DataFileException(file, $"array '{array.Name}'", "another array of this name, ignoring case", "one array of each name");
        }
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

    /// <summary>Whether every row has a single 1 among zeros.</summary>
    private static bool IsOneHot(ReadOnlySpan<float> numbers, int width)
    {
        for (var start = 0; start < numbers.Length; start += width)
            if (numbers.Slice(start, width).Count(1f) != 1 || numbers.Slice(start, width).Count(0f) != width - 1)
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
        var floats = parts.All(part => part.X.Type is "|u1") ? null : parts.SelectMany(part => Interleaved(Finite(part.X, shape.Size, file))).ToArray();
        Array values = floats is null ? parts.SelectMany(part => Interleaved(part.X.Data.ToArray())).ToArray()
            : isImage && Array.TrueForAll(floats, x => x is >= 0 and <= 255 && (byte)x == x) && floats.AsSpan().ContainsAnyExceptInRange(0, 1) ? Array.ConvertAll(floats, x => (byte)x)
            : floats;
        // Bytes share one scaling, floats are scaled per column. The columns of a table need their own scaling.
        if (values is byte[] table && !isImage)
            values = Array.ConvertAll(table, b => (float)b);

        if (output.Task != LearningTask.Classification)
            return new Samples(values, shape.Size, [.. parts.SelectMany(part => Targets(part.Y, output, file))]);
        byte[] labels = [.. parts.SelectMany(part => Labels(part.Y, output, file))];
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

    /// <summary>The targets of one part, which must have as many columns as the training part.</summary>
    private static float[] Targets(NpyArray y, OutputSpec output, string file)
    {
        CheckColumns(y, output.Count, file);
        var targets = Finite(y, output.Count, file);
        return output.Task == LearningTask.MultiLabel && Array.FindIndex(targets, target => target is not (0 or 1)) is >= 0 and var wrong
            ? throw new DataFileException(file, $"array '{y.Name}', example {wrong / output.Count}", $"{targets[wrong]}", "1 or 0, whether the label is there")
            : targets;
    }

    /// <summary>The classes of one part: numbers of classes, or one-hot rows.</summary>
    private static byte[] Labels(NpyArray y, OutputSpec output, string file)
    {
        var isOneHot = Columns(y) != 1;
        if (isOneHot)
            CheckColumns(y, output.Count, file);
        var numbers = y.ToFloats();
        var labels = new byte[y.Shape[0]];
        for (var i = 0; i < labels.Length; i++)
        {
            if (isOneHot && !IsOneHot(numbers.AsSpan(i * output.Count, output.Count), output.Count))
                throw new DataFileException(file, $"array '{y.Name}', example {i}", "a row that is not one-hot", "a single 1 among zeros, as in the training part");
            var label = isOneHot ? numbers.AsSpan(i * output.Count, output.Count).IndexOf(1f) : numbers[i];
            labels[i] = label >= 0 && label < output.Count && label == MathF.Floor(label)
                ? (byte)label
                : throw new DataFileException(file, $"array '{y.Name}', example {i}", $"class {label}", $"0 to {output.Count - 1}, as in the training part");
        }
        return labels;
    }

    /// <summary>The number of columns; 0 for an array that is neither (examples) nor (examples, outputs).</summary>
    private static int Columns(NpyArray y) => y.Shape switch { [_] => 1, [_, var columns] => columns, _ => 0 };

    private static void CheckColumns(NpyArray y, int expected, string file)
    {
        if (Columns(y) != expected)
            throw new DataFileException(
                file, $"array '{y.Name}'", $"shape ({string.Join(", ", y.Shape)})", $"(examples{(expected > 1 ? $", {expected}" : "")}), as in the training part");
    }

    private static float[] Finite(NpyArray array, int width, string file)
    {
        var numbers = array.ToFloats();
        return Array.FindIndex(numbers, number => !float.IsFinite(number)) is >= 0 and var wrong
            ? throw new DataFileException(file, $"array '{array.Name}', example {wrong / width}", $"{numbers[wrong]}", "finite numbers")
            : numbers;
    }
}
