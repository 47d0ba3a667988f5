using Engine.Networks;
using Engine.Numerics;
using Engine.Tests.Support;
using MathNet.Numerics.LinearAlgebra;

namespace Engine.Tests.Numerics;

public sealed unsafe class MatrixProductTests
{
    public static TheoryData<int, int, int> Shapes => new()
    {
        { 1, 1, 1 }, { 1, 7, 3 }, { 2, 16, 16 }, { 3, 5, 17 }, { 4, 33, 31 }, { 5, 64, 48 }, { 6, 10, 64 }, { 7, 50, 65 }, { 8, 9, 80 },
        { 9, 100, 96 }, { 13, 128, 100 }, { 16, 32, 32 }, { 17, 20, 250 }, { 48, 49, 130 }, { 64, 784, 128 }, { 31, 12, 400 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Forward_agrees_with_MathNet_and_between_widths(int rows, int depth, int columns)
    {
        var a = Matrices.Random(rows * depth, 1);
        var b = Matrices.Random(depth * columns, 2);
        var bias = Matrices.Random(columns, 3);

        var c = Widths.Same(() => Forward(a, b, bias, rows, depth, columns, zeros: null));

        var expected = Dense(a, rows, depth) * Dense(b, depth, columns);
        Matrices.AssertClose([.. expected.ToRowMajorArray().Select((x, i) => x + bias[i % columns])], c, 3e-5);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Weight_gradient_agrees_with_MathNet_and_between_widths(int rows, int inputs, int outputs)
    {
        var x = Matrices.Random(rows * inputs, 4);
        var dz = Matrices.Random(rows * outputs, 5);

        var dw = Widths.Same(() => Gradient(x, dz, rows, inputs, outputs, zeros: null));

        var expected = Dense(x, rows, inputs).Transpose() * Dense(dz, rows, outputs);
        Matrices.AssertClose(expected.ToRowMajorArray(), dw, 3e-5);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Leaving_out_zeros_changes_no_product(int rows, int inputs, int outputs)
    {
        var random = new RandomStream(6);
        var pixels = new byte[rows * inputs];
        for (var i = 0; i < pixels.Length; i++)
            pixels[i] = random.NextDouble() < 0.7 ? (byte)0 : (byte)random.NextInteger(256);
        float[] x = [.. pixels.Select(p => p / 255f)];
        var weights = Matrices.Random(inputs * outputs, 7);
        var bias = Matrices.Random(outputs, 8);
        var dz = Matrices.Random(rows * outputs, 9);

        Assert.Equal(Forward(x, weights, bias, rows, inputs, outputs, null), Widths.Same(() => Forward(x, weights, bias, rows, inputs, outputs, pixels)));
        Assert.Equal(Gradient(x, dz, rows, inputs, outputs, null), Widths.Same(() => Gradient(x, dz, rows, inputs, outputs, pixels)));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(8, 8)]
    [InlineData(10, 128)]
    [InlineData(50, 33)]
    [InlineData(100, 250)]
    public void Transposed_panels_hold_the_transposed_matrix(int rows, int columns)
    {
        var matrix = Matrices.Random(rows * columns, 10);
        Panels from = new(rows, columns), to = new(columns, rows);
        using NativeBuffer packed = new(from.Length), turned = new(to.Length);
        from.Pack(matrix, packed.Span);

        Transpose.Run(from, packed.Pointer, to, turned.Pointer, Worker.Alone);

        var result = new float[matrix.Length];
        to.Unpack(turned.Span, result);
        Assert.Equal(Dense(matrix, rows, columns).Transpose().ToRowMajorArray().Select(x => (float)x), result);
    }

    [Fact]
    public void Unpacking_gives_back_what_was_packed()
    {
        var layout = new Panels(3, 70);
        var matrix = Matrices.Random(210, 11);
        var packed = new float[layout.Length];
        var result = new float[210];

        layout.Pack(matrix, packed);
        layout.Unpack(packed, result);

        Assert.Equal(matrix, result);
        Assert.Equal(2, layout.All.Length);
    }

    private static float[] Forward(float[] a, float[] b, float[] bias, int rows, int depth, int columns, byte[]? zeros)
    {
        using RowsBuffer input = new(rows, depth), output = new(rows, columns);
        Panels layout = new(depth, columns), biasLayout = new(1, columns);
        using NativeBuffer weights = new(layout.Length), biases = new(biasLayout.Length);
        layout.Pack(b, weights.Span);
        biasLayout.Pack(bias, biases.Span);
        using var masks = Masks(zeros, rows, depth);
        var x = Matrices.Fill(input, a);
        var z = output.Take(rows);

        MatrixProduct.Forward(new Rows(x.Data, rows, depth, x.Stride, masks), layout, weights.Pointer, biases.Pointer, z, Worker.Alone);

        return Matrices.Read(z);
    }

    private static float[] Gradient(float[] x, float[] dz, int rows, int inputs, int outputs, byte[]? zeros)
    {
        using RowsBuffer input = new(rows, inputs), gradient = new(rows, outputs);
        using Parameter weight = new("w", [inputs, outputs], isBias: false), bias = new("b", [outputs], isBias: true);
        using var masks = Masks(zeros, rows, inputs);
        using var sink = new SumSink([weight, bias]);
        weight.Index = 0;
        bias.Index = 1;
        var filled = Matrices.Fill(input, x);

        ParameterGradient.Dense(new Rows(filled.Data, rows, inputs, filled.Stride, masks), Matrices.Fill(gradient, dz), weight, bias, sink, Worker.Alone);

        var result = new float[inputs * outputs];
        weight.Layout.Unpack(sink.Sum(weight).Span, result);
        return result;
    }

    private static ZeroMasks? Masks(byte[]? pixels, int rows, int features)
    {
        if (pixels is null)
            return null;
        var masks = new ZeroMasks(features, rows);
        var order = Enumerable.Range(0, rows).ToArray();
        fixed (byte* bytes = pixels)
        fixed (int* indices = order)
            masks.Fill(bytes, indices, rows, Worker.Alone);
        return masks;
    }

    private static Matrix<double> Dense(float[] values, int rows, int columns) =>
        Matrix<double>.Build.Dense(rows, columns, (i, j) => values[i * columns + j]);
}
