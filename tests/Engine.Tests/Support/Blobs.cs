using Engine.Data;
using Engine.Numerics;

namespace Engine.Tests.Support;

/// <summary>Small synthetic images: a pattern per class with zeros, noise, and a quarter of wrong labels so that no loss reaches zero.</summary>
internal static class Blobs
{
    public static Dataset Make(int train = 500, int test = 100, int side = 7, int classes = 4, ulong seed = 1)
    {
        var random = new RandomStream(seed);
        var patterns = new byte[classes, side * side];
        for (var c = 0; c < classes; c++)
            for (var i = 0; i < side * side; i++)
                patterns[c, i] = random.NextDouble() < 0.5 ? (byte)0 : (byte)(55 + random.NextInteger(200));
        var names = Enumerable.Range(0, classes).Select(c => $"class {c}").ToArray();
        return new Dataset("blobs", side, side, 1, names, Draw(train), Draw(test));

        Samples Draw(int count)
        {
            byte[] pixels = new byte[count * side * side], labels = new byte[count];
            for (var n = 0; n < count; n++)
            {
                var c = random.NextInteger(classes);
                labels[n] = (byte)(random.NextDouble() < 0.25 ? random.NextInteger(classes) : c);
                for (var i = 0; i < side * side; i++)
                    if (patterns[c, i] > 0)
                        pixels[n * side * side + i] = (byte)Math.Clamp(patterns[c, i] + random.NextInteger(81) - 40, 0, 255);
            }
            return new Samples(pixels, labels, side * side);
        }
    }
}
