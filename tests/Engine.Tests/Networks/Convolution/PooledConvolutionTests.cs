using Engine.Data;
using Engine.Networks;
using Engine.Numerics;
using Engine.Tests.Support;

namespace Engine.Tests.Networks;

/// <summary>A pooled convolution gives the results of a convolution followed by a pooling layer.</summary>
public sealed class PooledConvolutionTests
{
    /// <summary>A batch whose gradients are summed in one part, and one of several parts.</summary>
    private const int Batch = 5, LargeBatch = 37;

    public static TheoryData<int, int, int, int> Shapes => new()
    {
        // side, channels, filters, window: all pixels in windows; one row and column outside of windows; several outside; filters that do
        // not fill a vector
        { 8, 1, 16, 2 },
        { 7, 3, 32, 2 },
        { 8, 20, 24, 3 },
        { 3, 16, 20, 2 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void It_is_a_convolution_and_a_pooling_layer(int side, int channels, int filters, int window)
    {
        var shape = new ImageShape(side, side, channels);
        var expected = Widths.Same(() => Separate(shape, filters, window));

        Assert.Equal(expected, Widths.Same(() => Together(shape, filters, window)));
    }

    /// <summary>Without an input gradient the terms of a sum are in another order.</summary>
    [Theory]
    [InlineData(7, 16, 2, 1, Batch)]
    [InlineData(8, 80, 2, 1, Batch)]
    [InlineData(8, 32, 3, 1, Batch)]
    [InlineData(9, 16, 2, 2, LargeBatch)]
    [InlineData(8, 32, 2, 1, LargeBatch)]
    public void The_first_layer_gives_the_same_results_without_an_input_gradient(int side, int filters, int window, int stride, int batch)
    {
        var shape = new ImageShape(side, side, 1);
        var separate = Separate(shape, filters, window, stride, batch);

        var first = Widths.Same(() => Together(shape, filters, window, stride, batch, needInputGradient: false));

        var (outputs, gradients) = (first.Length - 10 * filters, 10 * filters);
        Assert.Equal(separate[..outputs], first[..outputs]);
        Images.AssertClose([.. separate[^gradients..]], first[^gradients..]);
    }

    [Theory]
    [InlineData(1, 16)]
    [InlineData(3, 20)]
    [InlineData(16, 32)]
    public void The_gradients_of_a_large_batch_are_the_same(int channels, int filters)
    {
        var shape = new ImageShape(8, 8, channels);

        Assert.Equal(Separate(shape, filters, 2, batch: LargeBatch), Widths.Same(() => Together(shape, filters, 2, batch: LargeBatch)));
    }

    [Fact]
    public void Windows_larger_than_the_image_are_refused()
    {
        using var convolution = new ConvolutionLayer("c", new(3, 3, 1), 4, new(3, 1, 1), Batch, window: 4);

        Assert.Contains("do not fit", Assert.Throws<EngineException>(() => new PooledConvolution(convolution, 4, Batch)).Message, StringComparison.Ordinal);
    }

    private static float[] Separate(ImageShape shape, int filters, int window, int stride = 1, int batch = Batch)
    {
        using var convolution = Filled(new ConvolutionLayer("c", shape, filters, new(3, 1, stride), batch));
        using var pooling = PoolingLayer.Max(convolution.Output, window, batch);
        return Run(batch, shape, pooling.Output, x => pooling.Forward(convolution.Forward(x, default), default), (dy, sink) =>
            convolution.Backward(pooling.Backward(dy, true, sink, Worker.Alone), true, sink, Worker.Alone), convolution.Parameters);
    }

    private static float[] Together(ImageShape shape, int filters, int window, int stride = 1, int batch = Batch, bool needInputGradient = true)
    {
        using var layer = new PooledConvolution(Filled(new ConvolutionLayer("c", shape, filters, new(3, 1, stride), batch, window)), window, batch);
        return Run(batch, shape, layer.Output, x => layer.Forward(x, default), (dy, sink) => layer.Backward(dy, needInputGradient, sink, Worker.Alone), layer.Parameters);
    }

    private static ConvolutionLayer Filled(ConvolutionLayer layer)
    {
        layer.Parameters[0].Import(Images.Random(layer.Parameters[0].Count, 2));
        layer.Parameters[1].Import(Images.Random(layer.Parameters[1].Count, 3));
        return layer;
    }

    /// <summary>Outputs and gradients of inputs, biases and weights, concatenated, of the second of two batches.</summary>
    private static float[] Run(
        int batch, ImageShape input, ImageShape output, Func<Rows, Rows> forward, Func<Rows, GradientSink, Rows> backward, IReadOnlyList<Parameter> parameters)
    {
        using RowsBuffer x = new(batch, input.Size), dy = new(batch, output.Size);
        float[] result = [];
        foreach (ulong seed in new ulong[] { 1, 5 })
        {
            var sink = new KeptGradients();
            var y = Images.Read(forward(Images.Fill(x, Images.Random(batch * input.Size, seed))));
            var dx = Images.Read(backward(Images.Fill(dy, Images.Random(batch * output.Size, seed + 1)), sink));
            result = [.. y, .. dx, .. sink[parameters[1]], .. sink[parameters[0]]];
        }
        return result;
    }
}
