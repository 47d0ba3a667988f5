using Engine.Data;
using Engine.Networks;
using Engine.Numerics;
using Engine.Tests.Support;

namespace Engine.Tests.Networks;

public sealed class ConvolutionLayerTests
{
    private const int Batch = 5;

    /// <summary>
    /// Height, width, channels, filters, kernel, padding, stride: with edges, one channel, sizes that are no multiple of a vector, several
    /// panels.
    /// </summary>
    public static TheoryData<int, int, int, int, int, int, int> Shapes => new()
    {
        { 6, 6, 1, 16, 3, 1, 1 },
        { 5, 7, 16, 32, 3, 1, 1 },
        { 4, 4, 3, 5, 2, 0, 1 },
        { 3, 3, 17, 20, 3, 1, 1 },
        { 1, 1, 18, 33, 3, 1, 1 },
        { 6, 5, 2, 70, 5, 2, 1 },
        { 7, 7, 8, 9, 3, 1, 2 },
        { 8, 6, 20, 16, 1, 0, 3 },
        { 5, 5, 1, 3, 5, 0, 1 },
        { 2, 3, 70, 4, 3, 2, 1 },
        { 6, 5, 3, 8, 2, ConvolutionOptions.Same, 1 },
        { 5, 7, 20, 6, 4, ConvolutionOptions.Same, 2 },
    };

    private static ConvolutionGeometry Geometry(int kernel, int padding, int stride) =>
        new ConvolutionOptions { Filters = 1, Kernel = kernel, Padding = padding, Stride = stride }.Geometry;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void The_same_padding_keeps_the_size(int kernel) =>
        Assert.Equal(new ImageShape(7, 9, 4), Geometry(kernel, ConvolutionOptions.Same, 1).Output(new(7, 9, 2), 4));

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Outputs_are_those_of_the_formula(int height, int width, int channels, int filters, int kernel, int padding, int stride)
    {
        using var bench = new Bench(new(height, width, channels), filters, Geometry(kernel, padding, stride));
        Images.AssertClose(bench.ExpectedOutputs(), bench.Forward());
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Gradients_are_the_central_differences_of_the_formula(
        int height, int width, int channels, int filters, int kernel, int padding, int stride)
    {
        using var bench = new Bench(new(height, width, channels), filters, Geometry(kernel, padding, stride));
        bench.Forward();
        var (input, weight, bias) = bench.Backward();
        bench.AssertCentralDifferences(bench.X, input);
        bench.AssertCentralDifferences(bench.W, weight);
        bench.AssertCentralDifferences(bench.B, bias);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Every_vector_width_gives_the_same_bits(int height, int width, int channels, int filters, int kernel, int padding, int stride)
    {
        var results = new List<float[]>();
        foreach (var simd in Enum.GetValues<SimdWidth>().Where(w => w <= SimdPath.Widest))
        {
            using var scope = SimdPath.UseOnThisThread(simd);
            using var bench = new Bench(new(height, width, channels), filters, Geometry(kernel, padding, stride));
            var outputs = bench.Forward();
            var (input, weight, bias) = bench.Backward();
            results.Add([.. outputs, .. input, .. weight, .. bias]);
        }
        Assert.All(results, r => Assert.Equal(results[0].Select(BitConverter.SingleToInt32Bits), r.Select(BitConverter.SingleToInt32Bits)));
    }

    [Fact]
    public void A_second_smaller_batch_leaves_nothing_of_the_first()
    {
        using var bench = new Bench(new(3, 3, 17), 20, new(3, 1, 1));
        bench.Forward();
        bench.Backward();
        bench.Forward(2);
        var (again, _, _) = bench.Backward();
        using var fresh = new Bench(new(3, 3, 17), 20, new(3, 1, 1));
        fresh.Forward(2);
        Assert.Equal(fresh.Backward().Input, again);
    }

    [Theory]
    [InlineData(16, 32, 3, 1)]
    [InlineData(3, 20, 5, 2)]
    [InlineData(1, 16, 3, 1)]
    [InlineData(64, 48, 3, 1)]
    public void The_gradients_of_a_large_batch_are_the_sums_of_those_of_its_images(int channels, int filters, int kernel, int padding)
    {
        const int Large = 150;
        var shape = new ImageShape(5, 6, channels);
        using var layer = new ConvolutionLayer("c", shape, filters, new(kernel, padding, 1), Large);
        var (x, dz) = (Images.Random(Large * shape.Size, 1), Images.Random(Large * layer.Output.Size, 2));
        var sums = new double[layer.Parameters[0].Count + filters];
        for (var image = 0; image < Large; image++)
            sums = [.. sums.Zip(Gradients(image, 1), (sum, one) => sum + one)];

        Images.AssertClose(sums, Widths.Same(() => Gradients(0, Large)), 1e-4);

        float[] Gradients(int first, int count)
        {
            using RowsBuffer input = new(count, shape.Size), gradient = new(count, layer.Output.Size);
            var sink = new KeptGradients();
            layer.Forward(Images.Fill(input, x[(first * shape.Size)..((first + count) * shape.Size)]), default);
            layer.Backward(
                Images.Fill(gradient, dz[(first * layer.Output.Size)..((first + count) * layer.Output.Size)]), needInputGradient: true, sink, Worker.Alone);
            return [.. sink[layer.Parameters[0]], .. sink[layer.Parameters[1]]];
        }
    }

    [Fact]
    public void A_kernel_that_does_not_fit_is_refused() =>
        Assert.Contains("5×5 kernel", Assert.Throws<EngineException>(
            () => new ConvolutionLayer("c", new(3, 3, 1), 4, new(5, 0, 1), 1)).Message, StringComparison.Ordinal);

    private sealed class Bench : IDisposable
    {
        private readonly ConvolutionLayer layer;
        private readonly ReferenceConvolution reference;
        private readonly RowsBuffer input, gradient;
        private float[] outputGradient = [];
        private int count;

        public Bench(ImageShape shape, int filters, ConvolutionGeometry geometry)
        {
            layer = new ConvolutionLayer("c", shape, filters, geometry, Batch);
            reference = new ReferenceConvolution(shape, filters, geometry);
            input = new RowsBuffer(Batch, shape.Size);
            gradient = new RowsBuffer(Batch, layer.Output.Size);
            var weights = Images.Random(layer.Parameters[0].Count, 2);
            layer.Parameters[0].Import(weights);
            layer.Parameters[1].Import(Images.Random(filters, 3));
            (X, W, B) = (Doubles(Images.Random(Batch * shape.Size, 1)), Doubles(weights), Doubles(layer.Parameters[1].Export()));
        }

        public double[] X { get; }
        public double[] W { get; }
        public double[] B { get; }

        public float[] Forward(int batch = Batch)
        {
            count = batch;
            return Images.Read(layer.Forward(Images.Fill(input, [.. X.Take(batch * input.Width).Select(x => (float)x)]), default));
        }

        public double[] ExpectedOutputs() => reference.Forward(X, W, B, Batch);

        public (float[] Input, float[] Weight, float[] Bias) Backward()
        {
            var sink = new KeptGradients();
            outputGradient = Images.Random(count * layer.Output.Size, 4);
            var dx = Images.Read(layer.Backward(Images.Fill(gradient, outputGradient), needInputGradient: true, sink, Worker.Alone));
            return (dx, sink[layer.Parameters[0]], sink[layer.Parameters[1]]);
        }

        /// <summary>
        /// Compares <paramref name="actual"/> with central differences of Σ gradient · output with respect to <paramref name="values"/>,
        /// for at most sixty evenly spaced values.
        /// </summary>
        public void AssertCentralDifferences(double[] values, float[] actual)
        {
            const double Step = 1e-4;
            for (var i = 0; i < values.Length; i += 1 + values.Length / 60)
            {
                var kept = values[i];
                values[i] = kept + Step;
                var above = Objective();
                values[i] = kept - Step;
                var below = Objective();
                values[i] = kept;
                Assert.Equal((above - below) / (2 * Step), actual[i], 1e-4);
            }
        }

        private double Objective() => reference.Forward(X, W, B, count).Zip(outputGradient, (z, g) => z * g).Sum();

        private static double[] Doubles(float[] values) => Array.ConvertAll(values, v => (double)v);

        public void Dispose()
        {
            layer.Dispose();
            input.Dispose();
            gradient.Dispose();
        }
    }
}
