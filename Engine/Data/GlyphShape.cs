using Engine.Numerics;

namespace Engine.Data;

/// <summary>The strokes of a glyph: quadratic curves in the square [−1, 1]², three control points each.</summary>
internal sealed class GlyphShape
{
    // The smallest Manhattan distance between the ends of a stroke.
    private const float Shortest = 0.9f;

    private GlyphShape(float[] points) => Points = points;

    /// <summary>(strokes × 3 × (x, y)).</summary>
    public float[] Points { get; }

    public int Strokes => Points.Length / 6;

    /// <summary>Draws three or four random strokes. Each stroke after the first starts at a control point of an earlier one.</summary>
    public static GlyphShape Prototype(RandomStream random)
    {
        var points = new float[6 * (3 + random.NextInteger(2))];
        for (var at = 0; at < points.Length; at += 6)
        {
            if (at == 0)
                Point(points.AsSpan(at), ref random);
            else
                points.AsSpan(2 * random.NextInteger(at / 2), 2).CopyTo(points.AsSpan(at));

            Point(points.AsSpan(at + 2), ref random);
            do
                Point(points.AsSpan(at + 4), ref random);
            while (Math.Abs(points[at] - points[at + 4]) + Math.Abs(points[at + 1] - points[at + 5]) < Shortest);
        }

        return new(points);
    }

    private static float Coordinate(ref RandomStream random) => (float)(1.8 * random.NextDouble() - 0.9);

    private static void Point(Span<float> point, ref RandomStream random)
    {
        point[0] = Coordinate(ref random);
        point[1] = Coordinate(ref random);
    }
}
