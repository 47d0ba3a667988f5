using System.Runtime.CompilerServices;
using Engine.Numerics;

namespace Engine.Data;

/// <summary>Draws one example of a glyph into a square image.</summary>
internal sealed class GlyphBrush(int size)
{
    private const int Segments = 6;
    private const float Turn = 0.2f, Slant = 0.2f, Move = 2f, Bend = 0.12f, Stray = 0.25f, Noise = 32;

    private readonly float[] ink = new float[size * size];

    /// <summary>Draws a variation of the glyph over all of <paramref name="image"/>, (size × size) bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Draw(GlyphShape shape, ref RandomStream random, Span<byte> image)
    {
        ink.AsSpan().Clear();

        // A rotation by 2·atan(t) needs no sine, whose last bit differs between machines.
        float t = Between(ref random, -Turn, Turn), norm = 1 / (1 + t * t), cos = (1 - t * t) * norm, sin = 2 * t * norm;
        float scaleX = Between(ref random, 7.5f, 11f), scaleY = scaleX * Between(ref random, 0.85f, 1.15f), slant = Between(ref random, -Slant, Slant);
        float moveX = size / 2f + Between(ref random, -Move, Move), moveY = size / 2f + Between(ref random, -Move, Move);
        float width = Between(ref random, 0.6f, 1.5f);

        Span<float> stroke = stackalloc float[6];
        for (var s = 0; s < shape.Strokes; s++)
        {
            for (var p = 0; p < 6; p += 2)
            {
                var x = (shape.Points[6 * s + p] + Between(ref random, -Bend, Bend)) * scaleX;
                var y = (shape.Points[6 * s + p + 1] + Between(ref random, -Bend, Bend)) * scaleY;
                x += slant * y;
                (stroke[p], stroke[p + 1]) = (cos * x - sin * y + moveX, sin * x + cos * y + moveY);
            }

            Curve(stroke, width);
        }

        if (Unit(ref random) < Stray)
        {
            for (var p = 0; p < 6; p++)
                stroke[p] = Between(ref random, 0, size);
            Curve(stroke, width * 0.8f);
        }

        float dark = Between(ref random, 0, 40), bright = Between(ref random, 130, 255);
        for (var i = 0; i < image.Length; i++)
        {
            // The sum of the four 16-bit parts of one draw is nearly normal (central limit theorem).
            var bits = random.Next();
            var sum = (long)(ushort)bits + (ushort)(bits >> 16) + (ushort)(bits >> 32) + (ushort)(bits >> 48);
            var noise = (sum - 2 * 65535) * (Noise / 65536);
            image[i] = (byte)Math.Clamp(dark + (bright - dark) * ink[i] + noise, 0f, 255f);
        }
    }

    // Draws a quadratic Bézier curve as straight segments.
    private void Curve(ReadOnlySpan<float> p, float width)
    {
        float x0 = p[0], y0 = p[1];
        for (var i = 1; i <= Segments; i++)
        {
            float u = i / (float)Segments, v = 1 - u;
            float x = v * v * p[0] + 2 * u * v * p[2] + u * u * p[4], y = v * v * p[1] + 2 * u * v * p[3] + u * u * p[5];
            Segment(x0, y0, x, y, width);
            (x0, y0) = (x, y);
        }
    }

    // Draws a segment. Its intensity falls off linearly over one pixel at the edge; where strokes cross, the larger intensity is kept.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Segment(float x0, float y0, float x1, float y1, float width)
    {
        var reach = width + 1;
        int left = First(Math.Min(x0, x1) - reach), right = Last(Math.Max(x0, x1) + reach);
        int top = First(Math.Min(y0, y1) - reach), bottom = Last(Math.Max(y0, y1) + reach);
        float dx = x1 - x0, dy = y1 - y0, inverse = 1 / Math.Max(dx * dx + dy * dy, 1e-6f);
        for (var y = top; y <= bottom; y++)
        {
            for (var x = left; x <= right; x++)
            {
                float px = x + 0.5f - x0, py = y + 0.5f - y0;
                var along = Math.Clamp((px * dx + py * dy) * inverse, 0f, 1f);
                float ox = px - along * dx, oy = py - along * dy;
                var drawn = Math.Clamp(width + 0.5f - MathF.Sqrt(ox * ox + oy * oy), 0f, 1f);
                ref var pixel = ref ink[y * size + x];
                pixel = Math.Max(pixel, drawn);
            }
        }
    }

    private static float Unit(ref RandomStream random) => (float)random.NextDouble();

    private static float Between(ref RandomStream random, float low, float high) => low + (high - low) * (float)random.NextDouble();

    private static int First(float at) => Math.Max(0, (int)MathF.Floor(at));

    private int Last(float at) => Math.Min(size - 1, (int)MathF.Ceiling(at));
}
