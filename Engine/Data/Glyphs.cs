using Engine.Numerics;

namespace Engine.Data;

/// <summary>
/// The built-in data set: 28×28 images of ten glyphs, generated in memory from a fixed seed without a download. A glyph is a few curved
/// strokes. Every example bends, shifts, rotates, slants and scales them and adds noise; a quarter of the examples have a stray stroke. The
/// generator uses only operations that IEEE 754 defines exactly, so that the bytes are the same on every machine.
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

    /// <summary>Generates the data set. Both parts contain every class equally often (up to one example).</summary>
    /// <param name="train">The number of training examples.</param>
    /// <param name="test">The number of test examples.</param>
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
