using Engine.Networks;
using Engine.Numerics;

namespace Engine.Tests.Support;

/// <summary>Batches of random images, and reading them back.</summary>
internal static unsafe class Images
{
    public static float[] Random(int count, ulong seed)
    {
        var random = new RandomStream(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (float)(2 * random.NextDouble() - 1))];
    }

    public static Rows Fill(RowsBuffer buffer, float[] values)
    {
        var rows = buffer.Take(values.Length / buffer.Width);
        for (var row = 0; row < rows.Count; row++)
            values.AsSpan(row * rows.Width, rows.Width).CopyTo(new Span<float>(rows[row], rows.Width));
        return rows;
    }

    public static float[] Read(Rows rows)
    {
        var values = new float[rows.Count * rows.Width];
        for (var row = 0; row < rows.Count; row++)
            new Span<float>(rows[row], rows.Width).CopyTo(values.AsSpan(row * rows.Width));
        return values;
    }

    public static void AssertClose(double[] expected, float[] actual, double tolerance = 2e-5)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - actual[i]) <= tolerance * Math.Max(1, Math.Abs(expected[i])), $"Value {i} is {actual[i]:R}, expected {expected[i]:R}.");
    }
}

/// <summary>Collects the gradients of a layer, without padding, and checks that each value is written once.</summary>
internal sealed unsafe class KeptGradients : GradientSink
{
    private readonly Dictionary<Parameter, (float[] Values, bool[] Seen)> kept = [];

    public float[] this[Parameter parameter]
    {
        get
        {
            var (values, seen) = kept[parameter];
            Assert.DoesNotContain(false, seen);
            var matrix = new float[parameter.Count];
            parameter.Layout.Unpack(values, matrix);
            var again = new float[values.Length];
            parameter.Layout.Pack(matrix, again);
            Assert.Equal(again, values);
            return matrix;
        }
    }

    public override void Accept(Parameter parameter, int piece, long offset, float* gradient, int count)
    {
        if (!kept.TryGetValue(parameter, out var parts))
            kept.Add(parameter, parts = (new float[parameter.Layout.Length], new bool[parameter.Layout.Length]));
        for (var i = 0; i < count; i++)
        {
            Assert.False(parts.Seen[offset + i]);
            parts.Seen[offset + i] = true;
            parts.Values[offset + i] = gradient[i];
        }
    }
}
