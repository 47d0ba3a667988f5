using Engine.Numerics;

namespace Engine.Data;

/// <summary>
/// The built-in data set: 28×28 images of ten glyphs, drawn in memory from a fixed seed with nothing to download. A glyph is a few
/// curved strokes; every example bends, shifts, turns, slants and scales them, adds a stray stroke now and then, and noise.
/// Uses only operations that IEEE 754 defines exactly, so the bytes are the same on every machine.
/// </summary>
public static class Glyphs
{
    /// <summary>The name of the data set.</summary>
    public const string Name = "glyphs";

    /// <summary>Rows and columns of an image.</summary>
    public const int Size = 28;

    /// <summary>The number of glyphs.</summary>
    public const int Classes = 10;

    private const ulong Seed = 1859;

    /// <summary>Draws the data set; every class occurs equally often in both parts.</summary>
    /// <param name="train">Training examples.</param>
    /// <param name="test">Test examples.</param>
    public static Dataset Draw(int train = 20_000, int test = 4_000)
    {
        var prototypes = new GlyphShape[Classes];
        for (var c = 0; c < Classes; c++)
            prototypes[c] = GlyphShape.Prototype(RandomStream.For(Seed, RandomPurpose.Glyphs, (ulong)c));

        string[] names = [.. Enumerable.Range(0, Classes).Select(c => $"glyph {(char)('A' + c)}")];
        return new Dataset(Name, Size, Size, 1, names, Part(prototypes, train, 1UL << 32), Part(prototypes, test, 2UL << 32));
    }

    private static Samples Part(GlyphShape[] prototypes, int count, ulong part)
    {
        var order = new int[count];
        for (var i = 0; i < count; i++)
            order[i] = i % Classes;
        RandomStream.For(Seed, RandomPurpose.Glyphs, part).Shuffle(order);

        var bytes = new byte[count * Size * Size];
        var brush = new GlyphBrush(Size);
        for (var i = 0; i < count; i++)
        {
            var random = RandomStream.For(Seed, RandomPurpose.Glyphs, part + (ulong)i + 1);
            brush.Draw(prototypes[order[i]], ref random, bytes.AsSpan(i * Size * Size, Size * Size));
        }

        return new Samples(bytes, Array.ConvertAll(order, c => (byte)c), Size * Size);
    }
}
