using Engine.Numerics;

namespace Engine.Tests.Support;

/// <summary>Random matrices, and batches made of them.</summary>
internal static class Matrices
{
    public static float[] Random(int count, ulong seed, double zeros = 0)
    {
        var random = new RandomStream(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.NextDouble() < zeros ? 0f : (float)(2 * random.NextDouble() - 1))];
    }

    public static unsafe Rows Fill(RowsBuffer buffer, float[] values)
    {
        var rows = buffer.Take(values.Length / buffer.Width);
        for (var row = 0; row < rows.Count; row++)
            values.AsSpan(row * rows.Width, rows.Width).CopyTo(new Span<float>(rows[row], rows.Width));
        return rows;
    }

    public static unsafe float[] Read(Rows rows)
    {
        var values = new float[rows.Count * rows.Width];
        for (var row = 0; row < rows.Count; row++)
            new Span<float>(rows[row], rows.Width).CopyTo(values.AsSpan(row * rows.Width));
        return values;
    }

    public static void AssertClose(double[] expected, float[] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
            if (!(Math.Abs(expected[i] - actual[i]) <= tolerance * Math.Max(1, Math.Abs(expected[i]))))
                Assert.Fail($"Value {i} is {actual[i]:R}, expected {expected[i]:R} within {tolerance}.");
    }
}
