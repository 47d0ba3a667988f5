using Engine.Data;
using FsCheck;
using FsCheck.Fluent;
using Tests.Shared;

namespace Engine.Tests.Data;

public sealed class IdxFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_sound_file_is_read_whole_packed_or_not_whatever_its_name(bool gzip)
    {
        var content = IdxBytes.Images(5);
        var images = IdxFile.ReadImages(Write("any-name", gzip ? IdxBytes.Gzip(content) : content));

        Assert.Equal([5, 2, 3], images.Dimensions);
        Assert.Equal(content[16..], images.Data);
    }

    public static TheoryData<string, byte[], string, string> Broken => new()
    {
        { "empty", [], "byte 0", "four-byte IDX header" },
        { "wrong magic", [1, 2, 3, 4, 5, 6, 7, 8], "byte 0", "starts with 00 00" },
        { "floats", IdxBytes.Make([1, 1, 1], [0, 0, 0, 0], type: 0x0D), "byte 2", "unsigned bytes" },
        { "labels in place of images", IdxBytes.Labels(1, 2, 3), "byte 3", "3 or 4 for images" },
        { "header cut", IdxBytes.Images(2)[..10], "byte 10", "dimension 2 of 3" },
        { "no image", IdxBytes.Make([0, 2, 3], []), "byte 4", "1 to 2,147,483,647" },
        { "more promised than there is", IdxBytes.Make([50_000_000, 28, 28], [1, 2, 3]), "byte 4", "what the file can hold" },
        { "dimensions that overflow", IdxBytes.Make([int.MaxValue, int.MaxValue, int.MaxValue, int.MaxValue], [1]), "byte 4", "what the file can hold" },
        { "cut", IdxBytes.Images(5)[..^1], "byte 45", "30 elements after the header of 16 bytes" },
        { "trailing bytes", [.. IdxBytes.Images(5), 7], "byte 46", "the end of the file" },
        { "packed and promising too much", IdxBytes.Gzip(IdxBytes.Make([50_000_000, 28, 28], [1])), "byte 4", "what the file can hold" },
        { "packed and cut inside", IdxBytes.Gzip(IdxBytes.Images(400))[..^20], "byte", "" },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public void A_broken_file_is_refused_with_file_place_and_expectation(string name, byte[] content, string place, string expected)
    {
        var file = Write(name, content);
        var error = Assert.Throws<DataFileException>(() => IdxFile.ReadImages(file));

        Assert.Equal(file, error.File);
        Assert.Contains(expected, error.Expected, StringComparison.Ordinal);
        Assert.StartsWith(file, error.Message, StringComparison.Ordinal);
        if (name != "packed and cut inside")
            Assert.Equal(place, error.Position);
    }

    [Fact]
    public void A_damaged_gzip_stream_is_refused()
    {
        var packed = IdxBytes.Gzip(IdxBytes.Images(400));
        packed[^6] ^= 1;
        Assert.Throws<DataFileException>(() => IdxFile.ReadImages(Write("damaged", packed)));
    }

    [Fact]
    public void A_missing_file_is_named() =>
        Assert.Equal(_folder["missing"], Assert.Throws<DataFileException>(() => IdxFile.ReadImages(_folder["missing"])).File);

    [Fact]
    public void Any_damage_either_reads_as_an_array_of_the_right_size_or_is_one_clear_error()
    {
        var sound = IdxBytes.Images(4);
        var damages = Gen.Zip(Gen.Choose(0, 1), Gen.ArrayOf(Gen.Zip(Gen.Choose(0, sound.Length + 40), Gen.Choose(0, 255))));

        Prop.ForAll(Arb.From(Gen.Zip(damages, Gen.Choose(0, sound.Length))), damage =>
        {
            var ((gzip, changes), cut) = damage;
            var content = gzip == 1 ? IdxBytes.Gzip(sound) : (byte[])sound.Clone();
            foreach (var (at, value) in changes.Where(c => c.Item1 < content.Length))
                content[at] = (byte)value;

            var file = Write("fuzzed", content[..Math.Max(0, content.Length - cut)]);
            try
            {
                var read = IdxFile.Read(file, "numbers", 1, 255);
                return read.Data.Length == read.Dimensions.Aggregate(1, (a, b) => a * b);
            }
            catch (DataFileException e)
            {
                return e.File == file && e.Expected.Length > 0;
            }
        }).QuickCheckThrowOnFailure();
    }

    private string Write(string name, byte[] content)
    {
        File.WriteAllBytes(_folder[name], content);
        return _folder[name];
    }
}
