using System.Buffers.Binary;
using System.IO.Compression;
using Tests.Shared;

namespace Client.Tests.Processes;

public class BrokenDataFileTests
{
    private static readonly byte[] Images = [0, 0, 8, 3, .. Big(20), .. Big(2), .. Big(2), .. new byte[80]];
    private static readonly byte[] Labels = [0, 0, 8, 1, .. Big(20), .. Enumerable.Range(0, 20).Select(i => (byte)(i % 2))];

    /// <summary>The name of the case, the images, the labels, and a text that the message must contain.</summary>
    public static TheoryData<string, byte[], byte[], string> Broken => new()
    {
        { "images cut off", Images[..^7], Labels, "images" },
        { "images too long", [.. Images, 1, 2, 3], Labels, "images" },
        { "labels cut off", Images, Labels[..^1], "labels" },
        { "wrong magic", [1, .. Images[1..]], Labels, "byte 0" },
        { "images given as labels", Images, Images, "labels" },
        { "labels given as images", Labels, Labels, "images" },
        { "fewer labels than images", Images, [0, 0, 8, 1, .. Big(19), .. new byte[19]], "19" },
        { "an empty file", [], Labels, "images" },
        { "gzip that ends in the middle", Zip(Images)[..^12], Labels, "images" },
        { "numbers of another type", [0, 0, 13, 3, .. Images[4..]], Labels, "images" },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public void A_broken_data_file_gives_a_clear_error_and_leaves_nothing_behind(string which, byte[] images, byte[] labels, string named)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["images"], images);
        File.WriteAllBytes(folder["labels"], labels);
        Refuse(folder, $"idx:{folder["images"]},{folder["labels"]}", which, named);
    }

    [Theory]
    [InlineData("a column of labels that is not there", "x,y\n1,2\n3,4\n", "label")]
    [InlineData("a text among numbers", "x,label\n1,a\nzwei,b\n", "zwei")]
    [InlineData("a line that is too short", "x,y,label\n1,2,a\n3,b\n", "line 3")]
    [InlineData("no lines", "x,label\n", "table.csv")]
    public void A_broken_table_gives_a_clear_error_and_leaves_nothing_behind(string which, string text, string named)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["table.csv"], text);
        Refuse(folder, $"csv:{folder["table.csv"]}#label", which, named);
    }

    [Fact]
    public void A_whole_pair_of_files_is_taken()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["images"], Zip(Images));
        File.WriteAllBytes(folder["labels"], Labels);
        WriteSweep(folder, $"idx:{folder["images"]},{folder["labels"]}");

        var (exit, output, errors) = SweepProcess.Run(folder["home"], "run", folder["sweep.yaml"], "--slots", "1", "--output", "json");

        Assert.True(exit == 0, errors);
        Assert.Matches("""^\{"sweep":"sweep-[a-z]{5}","state":"finished","runs":1,"epochs":2,"best":\{"run":0,""", output.TrimEnd().Split('\n')[^1]);
    }

    private static void Refuse(TemporaryFolder folder, string dataset, string which, string named)
    {
        WriteSweep(folder, dataset);

        var (exit, output, errors) = SweepProcess.Run(folder["home"], "run", folder["sweep.yaml"]);

        Assert.True(exit == (int)ExitCode.Usage, $"{which}: {exit} {output}{errors}");
        Assert.Contains(named, errors, StringComparison.Ordinal);
        Assert.Single(errors.Trim().Split('\n'));
        Assert.False(Directory.Exists(folder["home"]));
    }

    private static void WriteSweep(TemporaryFolder folder, string dataset) => File.WriteAllText(folder["sweep.yaml"], $$"""
        dataset: '{{dataset}}'
        method: random
        run_cap: 1
        epochs: 2
        parameters:
          hidden_size: {value: 4}
          batch_size: {value: 4}
        """);

    private static byte[] Big(int number)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, number);
        return bytes;
    }

    private static byte[] Zip(byte[] data)
    {
        using var zipped = new MemoryStream();
        using (var gzip = new GZipStream(zipped, CompressionLevel.Fastest))
            gzip.Write(data);
        return zipped.ToArray();
    }
}
