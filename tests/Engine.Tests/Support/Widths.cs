using Engine.Numerics;

namespace Engine.Tests.Support;

/// <summary>The vector widths that this processor supports.</summary>
public static class Widths
{
    public static IEnumerable<SimdWidth> All => Enum.GetValues<SimdWidth>().Where(w => w <= SimdPath.Widest);

    /// <summary>Runs a function once per width, asserts that all results have the same bits, and returns one of them.</summary>
    internal static float[] Same(Func<float[]> compute)
    {
        float[]? first = null;
        foreach (var width in All)
        {
            using var scope = SimdPath.UseOnThisThread(width);
            var result = compute();
            first ??= result;
            for (var i = 0; i < first.Length; i++)
                if (BitConverter.SingleToInt32Bits(first[i]) != BitConverter.SingleToInt32Bits(result[i]))
                    Assert.Fail($"Value {i} is {result[i]:R} with {width}, but {first[i]:R} with {All.First()}.");
        }
        return first!;
    }
}
