using Engine.Numerics;
using Engine.Tests.Support;
using MathNet.Numerics;

namespace Engine.Tests.Numerics;

public sealed class VectorMathTests
{
    private static readonly float[] Sweep =
        [.. Enumerable.Range(-4000, 8001).Select(i => i * 0.004f), .. Enumerable.Range(0, 80).Select(i => MathF.Pow(2, -i / 2f) - 1e-9f), 0f];

    [Fact]
    public void Exp_is_right_to_three_units_in_the_last_place() =>
        AssertUnits(Map<ExpOf>(Sweep), Math.Exp, units: 3);

    [Fact]
    public void Exp_is_zero_below_the_normal_floats_and_infinite_above_all() =>
        Assert.Equal([0f, 0f, float.PositiveInfinity, float.NaN], Map<ExpOf>([-88, float.NegativeInfinity, 89, float.NaN]));

    [Fact]
    public void Sigmoid_is_right_to_four_units_in_the_last_place() =>
        AssertUnits(Map<SigmoidOf>(Sweep), x => 1 / (1 + Math.Exp(-x)), units: 4);

    [Fact]
    public void Tanh_is_right_to_four_units_in_the_last_place_also_near_zero() =>
        AssertUnits(Map<TanhOf>(Sweep), Math.Tanh, units: 4);

    [Fact]
    public void The_normal_distribution_is_right_to_eight_units_in_the_last_place() =>
        AssertUnits(Map<NormalOf>([.. Sweep.Where(x => x > -12)]), x => 0.5 * SpecialFunctions.Erfc(-x / Math.Sqrt(2)), units: 8, [.. Sweep.Where(x => x > -12)]);

    [Fact]
    public void Nothing_hides_a_NaN()
    {
        Assert.All(Map<SigmoidOf>([float.NaN]), x => Assert.True(float.IsNaN(x)));
        Assert.All(Map<TanhOf>([float.NaN]), x => Assert.True(float.IsNaN(x)));
        Assert.All(Map<NormalOf>([float.NaN]), x => Assert.True(float.IsNaN(x)));
    }

    [Fact]
    public void Infinities_give_the_limits()
    {
        float[] ends = [float.NegativeInfinity, float.PositiveInfinity];
        Assert.Equal([1.6458115E-38f, 1f], Map<SigmoidOf>(ends));
        Assert.Equal([-1f, 1f], Map<TanhOf>(ends));
        Assert.Equal([0f, 1f], Map<NormalOf>(ends));
    }

    private static void AssertUnits(float[] actual, Func<double, double> truth, double units, float[]? at = null)
    {
        at ??= Sweep;
        for (var i = 0; i < at.Length; i++)
        {
            var expected = truth(at[i]);
            var size = (float)Math.Abs(expected);
            var error = Math.Abs(actual[i] - expected) / ((double)MathF.BitIncrement(size) - size);
            if (!(error <= units))
                Assert.Fail($"f({at[i]:R}) is {actual[i]:R}, {error:F1} units from {expected:R}.");
        }
    }

    private static float[] Map<TFunction>(float[] values) where TFunction : struct, IFunction => Widths.Same(() =>
    {
        using var memory = new NativeBuffer(Panels.RoundUp(values.Length));
        values.CopyTo(memory.Span);
        unsafe
        {
            SimdPath.Run(new MapKernel<TFunction> { Values = memory.Pointer, Count = (int)memory.Length });
        }
        return memory.Span[..values.Length].ToArray();
    });

    private interface IFunction
    {
        static abstract V Of<L, V>(V x) where L : struct, ILanes<V> where V : struct;
    }

    private unsafe struct MapKernel<TFunction> : IKernel where TFunction : struct, IFunction
    {
        public float* Values;
        public int Count;

        public readonly void Run<L, V>() where L : struct, ILanes<V> where V : struct
        {
            for (var i = 0; i < Count; i += L.Width)
                L.Store(Values + i, TFunction.Of<L, V>(L.Load(Values + i)));
        }
    }

    private readonly struct ExpOf : IFunction
    {
        public static V Of<L, V>(V x) where L : struct, ILanes<V> where V : struct => VectorMath.Exp<L, V>(x);
    }

    private readonly struct SigmoidOf : IFunction
    {
        public static V Of<L, V>(V x) where L : struct, ILanes<V> where V : struct => VectorMath.Sigmoid<L, V>(x);
    }

    private readonly struct TanhOf : IFunction
    {
        public static V Of<L, V>(V x) where L : struct, ILanes<V> where V : struct => VectorMath.Tanh<L, V>(x);
    }

    private readonly struct NormalOf : IFunction
    {
        public static V Of<L, V>(V x) where L : struct, ILanes<V> where V : struct => VectorMath.Normal<L, V>(x, out _);
    }
}
