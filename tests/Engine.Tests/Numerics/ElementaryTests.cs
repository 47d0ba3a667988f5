using Engine.Numerics;

namespace Engine.Tests.Numerics;

public sealed class ElementaryTests
{
    [Fact]
    public void Logarithm_and_exponential_agree_with_the_C_library()
    {
        for (var i = -700; i <= 700; i++)
        {
            var x = i * 0.997;
            Assert.Equal(1, Elementary.Exp(x) / Math.Exp(x), 1e-14);
            Assert.Equal(x, Elementary.Log(Math.Exp(x)), 1e-12);
        }
        Assert.Equal(Math.Log(0.7), Elementary.Log(0.7), 1e-15);
        Assert.Equal(Math.Log(5e-324), Elementary.Log(5e-324), 1e-12);
    }

    [Fact]
    public void The_ends_are_right()
    {
        Assert.Equal(double.NegativeInfinity, Elementary.Log(0));
        Assert.True(double.IsNaN(Elementary.Log(-1)));
        Assert.Equal(double.PositiveInfinity, Elementary.Log(double.PositiveInfinity));
        Assert.Equal(double.PositiveInfinity, Elementary.Exp(1000));
        Assert.Equal(0, Elementary.Exp(-1000));
        Assert.Equal(1, Elementary.Power(0, 0));
        Assert.Equal(Math.Pow(0.999, 1000), Elementary.Power(0.999, 1000), 1e-14);
    }

    [Fact]
    public void Cosine_agrees_with_the_C_library()
    {
        for (var i = 0; i <= 100; i++)
            Assert.Equal(Math.Cos(Math.PI * i / 100), Elementary.CosPi(i / 100.0), 1e-14);
    }
}
