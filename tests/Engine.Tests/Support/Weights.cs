using Engine.Training;

namespace Engine.Tests.Support;

internal static class Weights
{
    /// <summary>All weights of a trainer as one array.</summary>
    public static float[] Of(Trainer trainer) => [.. trainer.Model.Network.ExportWeights().SelectMany(w => w.Values)];

    public static void AssertSameBits(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
            if (BitConverter.SingleToInt32Bits(expected[i]) != BitConverter.SingleToInt32Bits(actual[i]))
                Assert.Fail($"Weight {i} is {actual[i]:R}, but {expected[i]:R} was expected to the bit.");
    }
}
