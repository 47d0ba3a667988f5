using Engine.Data;
using Engine.Networks;
using Engine.Numerics;
using Engine.Tests.Support;

namespace Engine.Tests.Networks;

public sealed class PoolingLayerTests
{
    public static TheoryData<string, int, int, int> Cases => new()
    {
        { "max", 6, 4, 16 },
        { "max", 7, 5, 19 },
        { "average", 6, 4, 16 },
        { "average", 7, 5, 19 },
        { "global_average", 3, 5, 21 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Values_and_gradients_are_those_of_the_definition_at_every_vector_width(string pooling, int height, int width, int channels)
    {
        var shape = new ImageShape(height, width, channels);
        foreach (var simd in Enum.GetValues<SimdWidth>().Where(w => w <= SimdPath.Widest))
        {
            using var scope = SimdPath.UseOnThisThread(simd);
            using var layer = Poolings.Catalog.Find(pooling)(shape, 2, 3)!;
            using var buffer = new RowsBuffer(3, shape.Size);
            using var gradients = new RowsBuffer(3, layer.Output.Size);
            float[] x = Images.Random(3 * shape.Size, 1), dz = Images.Random(3 * layer.Output.Size, 2);
            var (expected, expectedGradient) = Reference(pooling, shape, layer.Output, x, dz);

            Images.AssertClose(expected, Images.Read(layer.Forward(Images.Fill(buffer, x), default)), 1e-6);
            Images.AssertClose(expectedGradient, Images.Read(layer.Backward(Images.Fill(gradients, dz), true, new KeptGradients(), Worker.Alone)), 1e-6);
        }
    }

    [Fact]
    public void Windows_larger_than_the_image_are_refused() =>
        Assert.Throws<EngineException>(() => PoolingLayer.Max(new ImageShape(1, 1, 8), 2, 1));

    private static (double[] Values, double[] Gradient) Reference(string pooling, ImageShape shape, ImageShape output, float[] x, float[] dz)
    {
        int height = pooling == "global_average" ? shape.Height : 2, width = pooling == "global_average" ? shape.Width : 2;
        double[] values = new double[3 * output.Size], gradient = new double[x.Length];
        for (var i = 0; i < values.Length; i++)
        {
            int n = i / output.Size, c = i % output.Channels, pixel = i % output.Size / output.Channels;
            int top = pixel / output.Width * height, left = pixel % output.Width * width;
            int[] window = [.. Enumerable.Range(0, height * width).Select(q =>
                n * shape.Size + ((top + q / width) * shape.Width + left + q % width) * shape.Channels + c)];
            if (pooling == "max")
            {
                var winner = window.MaxBy(at => x[at]);
                values[i] = x[winner];
                gradient[winner] += dz[i];
            }
            else
            {
                values[i] = window.Average(at => (double)x[at]);
                foreach (var at in window)
                    gradient[at] += dz[i] / (double)window.Length;
            }
        }
        return (values, gradient);
    }
}
