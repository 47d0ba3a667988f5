using System.Security.Cryptography;
using Engine.Data;

namespace Engine.Tests.Data;

public sealed class GlyphsTests
{
    [Fact]
    public void Drawing_again_gives_the_same_bytes()
    {
        var first = Glyphs.Draw(200, 50);
        var again = Glyphs.Draw(200, 50);
        Assert.Equal(first.Train.Bytes, again.Train.Bytes);
        Assert.Equal(first.Test.Labels, again.Test.Labels);
    }

    [Fact]
    public void Classes_are_equally_frequent_and_no_image_occurs_twice()
    {
        var data = Glyphs.Draw(1000, 200);
        Assert.All(data.Train.Labels.CountBy(l => l), c => Assert.Equal(100, c.Value));
        Assert.All(data.Test.Labels.CountBy(l => l), c => Assert.Equal(20, c.Value));

        var images = data.Train.Bytes!.Concat(data.Test.Bytes!).Chunk(784).Select(i => Convert.ToHexString(SHA256.HashData(i)));
        Assert.Equal(1200, images.Distinct().Count());
    }
}
