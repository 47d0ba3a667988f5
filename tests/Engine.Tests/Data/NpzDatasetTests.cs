using System.IO.Compression;
using System.Text;
using Engine.Data;
using Engine.Formats;
using Engine.Training;
using Tests.Shared;

namespace Engine.Tests.Data;

/// <summary>Archives of NumPy arrays, and folders of images.</summary>
public sealed class NpzDatasetTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Images_with_classes_and_a_validation_part_of_their_own()
    {
        var data = Load(
            ("x_train", "|u1", "3, 2, 2", [.. Enumerable.Range(0, 12).Select(i => (byte)i)]), ("y_train", "<i8", "3,", Longs(0, 1, 0)),
            ("x_val", "|u1", "1, 2, 2", [9, 9, 9, 9]), ("y_val", "<i8", "1,", Longs(1)),
            ("X_test", "|u1", "1, 2, 2", [1, 2, 3, 4]), ("Y_test", "<i8", "1,", Longs(1)));

        Assert.Equal((2, 2, 1, 4, 1), (data.Height, data.Width, data.Channels, data.Train.Count, data.Test.Count));
        Assert.Equal([0, 1, 0, 1], data.Train.Labels);
        var split = Split.Of(data, 0.5, stratified: false, seed: 1);
        Assert.Equal([0, 1, 2], split.Training);
        Assert.Equal([3], split.Validation);
        using var trainer = new Trainer(data, new TrainingOptions { HiddenSizes = [2], ValidationShare = 0 }, 1);
        Assert.NotNull(trainer.TrainEpoch(default).ValidationLoss);
    }

    [Fact]
    public void Numbers_are_targets_and_rows_of_bits_are_labels_or_one_hot_classes()
    {
        var x = ("x_train", "<f4", "2, 1", Bytes(1f, 2f));
        Assert.Equal(LearningTask.Regression, Load(x, ("y_train", "<f8", "2,", [.. BitConverter.GetBytes(0.5), .. BitConverter.GetBytes(7.0)])).Output.Task);
        Assert.Equal(LearningTask.MultiLabel, Load(x, ("y_train", "|b1", "2, 2", [1, 1, 0, 1])).Output.Task);
        var classes = Load(x, ("y_train", "|u1", "2, 3", [0, 0, 1, 1, 0, 0]));
        Assert.Equal((LearningTask.Classification, 3), (classes.Output.Task, classes.Output.Count));
        Assert.Equal([2, 0], classes.Train.Labels);
    }

    [Fact]
    public void Channels_first_become_last()
    {
        Write(("x", "|u1", "1, 2, 1, 3", [1, 2, 3, 4, 5, 6]), ("y", "|u1", "1,", [0]));
        var data = new DatasetCatalog().Load($"npz:{folder["a.npz"]}?channels_first=true", new DataOptions());

        Assert.Equal((1, 3, 2), (data.Height, data.Width, data.Channels));
        Assert.Equal([1f, 4, 2, 5, 3, 6], data.Train.Floats!);
    }

    [Fact]
    public void What_is_wrong_is_refused_by_the_name_of_its_array()
    {
        var x = ("x_train", "|u1", "2, 1", new byte[] { 1, 2 });
        Assert.Contains("x_train and y_train", Refused(x), StringComparison.Ordinal);
        Assert.Contains("array 'y_train': 3 rows; expected 2", Refused(x, ("y_train", "|u1", "3,", [0, 1, 0])), StringComparison.Ordinal);
        Assert.Contains("array 'y_train': header", Refused(x, ("y_train", "<U3", "2,", [0, 1])), StringComparison.Ordinal);
        Assert.Contains("array 'x_test': examples of (2)", Refused(x, ("y_train", "|u1", "2,", [0, 1]), ("x_test", "|u1", "1, 2", [0, 1]), ("y_test", "|u1", "1,", [0])), StringComparison.Ordinal);
        File.WriteAllText(folder["a.npz"], "no archive");
        Assert.Contains("not a valid zip archive", Assert.Throws<DataFileException>(() => NpzDataset.FromFile("a", folder["a.npz"])).Message, StringComparison.Ordinal);

        string Refused(params (string, string, string, byte[])[] arrays) => Assert.Throws<DataFileException>(() => Load(arrays)).Message;
    }

    [Fact]
    public void An_array_that_is_larger_than_memory_can_hold_is_refused_by_name()
    {
        Write(("x_train", "|u1", "2, 1", [1, 2]), ("y_train", "|u1", "2,", [0, 1]));
        var content = File.ReadAllBytes(folder["a.npz"]);
        // The uncompressed size in the first entry of the archive's directory.
        BitConverter.TryWriteBytes(content.AsSpan(content.AsSpan().IndexOf("PK\u0001\u0002"u8) + 24), uint.MaxValue - 9);
        File.WriteAllBytes(folder["a.npz"], content);

        var error = Assert.Throws<DataFileException>(() => NpzDataset.FromFile("a", folder["a.npz"]));

        Assert.Equal(("array 'x_train'", "4,294,967,286 bytes"), (error.Position, error.Found));
    }

    [Fact]
    public void A_validation_or_test_part_must_have_the_outputs_of_the_training_part()
    {
        var images = ("x_train", "|u1", "2, 1", new byte[] { 1, 2 });
        var others = ("x_test", "|u1", "2, 1", new byte[] { 1, 2 });
        var oneHot = ("y_train", "|u1", "2, 3", new byte[] { 0, 0, 1, 1, 0, 0 });
        var numbers = ("y_train", "<f4", "2, 2", Bytes(1, 2, 3, 4));

        Assert.Equal([2, 1], Load(images, others, oneHot, ("y_test", "|u1", "2,", [2, 1])).Test.Labels);
        Refused("array 'y_test': shape (2, 2); expected (examples, 3)", oneHot, "|u1", "2, 2", [0, 1, 1, 0]);
        Refused("array 'y_test', example 1: a row that is not one-hot", oneHot, "|u1", "2, 3", [0, 0, 1, 1, 0, 1]);
        Refused("array 'y_test', example 1: class 1.5", oneHot, "<f4", "2,", Bytes(1, 1.5f));
        Refused("array 'y_test', example 0: class NaN", oneHot, "<f4", "2,", Bytes(float.NaN, 1));
        Refused("array 'y_test': shape (2); expected (examples, 2)", numbers, "<f4", "2,", Bytes(1, 2));
        Refused("array 'y_test', example 1: Infinity; expected finite numbers", numbers, "<f4", "2, 2", Bytes(1, 2, float.PositiveInfinity, 3));
        Refused("array 'y_test', example 1: 2; expected 1 or 0", ("y_train", "|u1", "2, 2", [1, 1, 0, 1]), "|u1", "2, 2", [0, 1, 2, 0]);

        void Refused(string message, (string, string, string, byte[]) outputs, string type, string shape, byte[] data)
        {
            var error = Assert.Throws<DataFileException>(() => Load(images, others, outputs, ("y_test", type, shape, data)));
            Assert.Contains(message, error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Numbers_that_are_not_finite_are_refused_by_array_and_example_and_so_are_two_arrays_of_a_name()
    {
        var x = ("x_train", "<f4", "2, 1", Bytes(1, 2));
        var y = ("y_train", "<f4", "2,", Bytes(1, 2));

        Assert.Contains("array 'y_train', example 1: NaN", Refused(x, ("y_train", "<f4", "2,", Bytes(1, float.NaN))), StringComparison.Ordinal);
        Assert.Contains("array 'x_val', example 0: NaN", Refused(x, y, ("x_val", "<f4", "1, 1", Bytes(float.NaN)), ("y_val", "<f4", "1,", Bytes(1))), StringComparison.Ordinal);
        Assert.Contains("array 'X_TRAIN': another array of this name", Refused(x, y, ("X_TRAIN", "<f4", "1,", Bytes(1))), StringComparison.Ordinal);

        string Refused(params (string, string, string, byte[])[] arrays) => Assert.Throws<DataFileException>(() => Load(arrays)).Message;
    }

    [Fact]
    public void Images_that_do_not_fit_an_array_are_refused_before_they_are_read()
    {
        foreach (var i in Enumerable.Range(0, 8))
            Image($"cat/{i}.png", 1, 1, 1, [1]);

        var error = Assert.Throws<DataFileException>(() => new DatasetCatalog().Load($"images:{folder.Path}?size=10000&channels=3", new DataOptions()));

        Assert.Equal((folder.Path, "8 images of 10000 × 10000 × 3 bytes"), (error.File, error.Found));
    }

    [Fact]
    public void A_folder_of_images_has_its_classes_as_folders()
    {
        Image("train/owl/b.png", 2, 2, 1, [0, 50, 100, 150]);
        Image("train/cat/a.png", 2, 2, 1, [1, 1, 1, 1]);
        Image("val/cat/a.png", 2, 2, 1, [2, 2, 2, 2]);
        Image("test/owl/a.png", 2, 2, 1, [3, 3, 3, 3]);
        var data = new DatasetCatalog().Load($"images:{folder.Path}", new DataOptions());

        Assert.Equal(["cat", "owl"], data.Output.Names);
        Assert.Equal([1, 1, 1, 1, 0, 50, 100, 150, 2, 2, 2, 2], data.Train.Bytes!);
        Assert.Equal([0, 1, 0], data.Train.Labels);
        Assert.Equal((2, 1), (data.ValidationStart!.Value, (int)data.Test.Labels[0]));
    }

    [Fact]
    public void Images_are_resized_and_turned_gray_or_colored_as_said()
    {
        Image("cat/a.png", 4, 4, 1, [.. Enumerable.Range(0, 16).Select(i => (byte)(i / 4 * 40))]);
        Image("owl/a.png", 2, 2, 3, [.. Enumerable.Repeat<byte[]>([200, 100, 0], 4).SelectMany(rgb => rgb)]);
        Assert.Contains("an image of 2 × 2; expected 4 × 4", Assert.Throws<DataFileException>(() => Read("")).Message, StringComparison.Ordinal);

        var color = Read("?size=2&channels=3");
        Assert.Equal((2, 2, 3), (color.Height, color.Width, color.Channels));
        Assert.Equal([200, 100, 0], color.Train.Bytes![12..15]);
        // The image with rows 0, 40, 80, 120 at half size, with a triangle filter of two pixels to each side.
        Assert.Equal([29, 29, 29, 29, 29, 29, 91, 91, 91, 91, 91, 91], color.Train.Bytes![..12]);
        Assert.Equal(1, Read("?size=3,2&channels=1").Channels);

        File.WriteAllBytes(folder["cat/broken.jpg"], [0xff, 0xd8, 0xff, 1, 2, 3]);
        Assert.Contains("broken.jpg: not a valid PNG or JPEG", Assert.Throws<DataFileException>(() => Read("?size=2")).Message, StringComparison.Ordinal);

        Dataset Read(string options) => new DatasetCatalog().Load($"images:{folder.Path}{options}", new DataOptions());
    }

    private void Image(string name, int height, int width, int channels, byte[] pixels)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(folder[name])!);
        File.WriteAllBytes(folder[name], Png.Encode(height, width, channels, pixels));
    }

    private Dataset Load(params (string Name, string Type, string Shape, byte[] Data)[] arrays)
    {
        Write(arrays);
        return NpzDataset.FromFile("a", folder["a.npz"]);
    }

    /// <summary>Writes an archive as <c>numpy.savez_compressed</c> does.</summary>
    private void Write(params (string Name, string Type, string Shape, byte[] Data)[] arrays)
    {
        using var archive = new ZipArchive(File.Create(folder["a.npz"]), ZipArchiveMode.Create);
        foreach (var (name, type, shape, data) in arrays)
        {
            using var entry = archive.CreateEntry(name + ".npy").Open();
            var header = Encoding.ASCII.GetBytes($"{{'descr': '{type}', 'fortran_order': False, 'shape': ({shape}), }}".PadRight(117) + "\n");
            entry.Write([0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, 0, .. header, .. data]);
        }
    }

    private static byte[] Longs(params long[] numbers) => [.. numbers.SelectMany(BitConverter.GetBytes)];

    private static byte[] Bytes(params float[] numbers) => [.. numbers.SelectMany(BitConverter.GetBytes)];
}
