using Engine.Data;
using Engine.Networks;
using Engine.Numerics;
using Engine.Tests.Support;

namespace Engine.Tests.Networks;

public sealed class DropoutTests
{
    private const int Rows = 200, Width = 48;

    [Fact]
    public void Training_drops_the_rate_and_scales_the_rest()
    {
        using var layer = new DropoutLayer(ImageShape.Vector(Width), 0.3f, 1, Rows);

        var y = Forward(layer, new Pass(true, 7, 1));

        Assert.All(y, x => Assert.True(x == 0 || x == 1 / (1 - 0.3f), $"A value became {x}."));
        Assert.InRange(y.Count(x => x == 0) / (double)y.Length, 0.28, 0.32);
    }

    [Fact]
    public void Evaluating_changes_nothing()
    {
        using var layer = new DropoutLayer(ImageShape.Vector(Width), 0.3f, 1, Rows);

        Assert.All(Forward(layer, Pass.Evaluation), x => Assert.Equal(1, x));
    }

    [Fact]
    public void The_gradient_is_dropped_where_the_value_was()
    {
        using var layer = new DropoutLayer(ImageShape.Vector(Width), 0.5f, 1, Rows);
        using var gradient = new RowsBuffer(Rows, Width);
        using var sink = new SumSink([]);

        var y = Forward(layer, new Pass(true, 7, 1));
        var dx = layer.Backward(Matrices.Fill(gradient, [.. Enumerable.Repeat(1f, Rows * Width)]), true, sink, Worker.Alone);

        Assert.Equal(y, Matrices.Read(dx));
    }

    [Theory]
    [InlineData(8, 1, 1)]
    [InlineData(7, 2, 1)]
    [InlineData(7, 1, 2)]
    public void Another_seed_step_or_layer_drops_independently(ulong seed, ulong step, int index)
    {
        using var layer = new DropoutLayer(ImageShape.Vector(Width), 0.5f, 1, Rows);
        using var other = new DropoutLayer(ImageShape.Vector(Width), 0.5f, index, Rows);

        var a = Forward(layer, new Pass(true, 7, 1));
        var b = Forward(other, new Pass(true, seed, step));

        var agreeing = a.Zip(b).Count(p => p.First == p.Second) / (double)a.Length;
        Assert.InRange(agreeing, 0.47, 0.53);
    }

    private static float[] Forward(DropoutLayer layer, Pass pass)
    {
        return Widths.Same(() =>
        {
            using var input = new RowsBuffer(Rows, Width);
            return Matrices.Read(layer.Forward(Matrices.Fill(input, [.. Enumerable.Repeat(1f, Rows * Width)]), pass));
        });
    }
}
