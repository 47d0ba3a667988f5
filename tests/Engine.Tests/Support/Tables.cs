using Engine.Data;
using Engine.Numerics;

namespace Engine.Tests.Support;

/// <summary>Small synthetic tables with numbers or labels to predict.</summary>
internal static class Tables
{
    /// <summary>Two targets in units of 1000 and 0.01, with noise.</summary>
    public static Dataset Regression(int train = 500, int test = 100, ulong seed = 1)
    {
        var random = new RandomStream(seed);
        return new Dataset("numbers", 1, 3, 1, new OutputSpec(LearningTask.Regression, ["price", "share"]), Part(train), Part(test));

        Samples Part(int count) => Draw(count, ref random, (x, noise) =>
            [(float)(50_000 + 4_000 * x[0] - 3_000 * x[1] * x[1] + 200 * noise), (float)(0.01 * (x[2] - x[0]) + 0.0005 * noise)]);
    }

    /// <summary>Three labels, of which any number is present; the last one is rare.</summary>
    public static Dataset MultiLabel(int train = 500, int test = 100, ulong seed = 1)
    {
        var random = new RandomStream(seed);
        return new Dataset("labels", 1, 3, 1, new OutputSpec(LearningTask.MultiLabel, ["warm", "wet", "rare"]), Part(train), Part(test));

        Samples Part(int count) => Draw(count, ref random, (x, noise) =>
            [x[0] + 0.2 * noise > 0 ? 1 : 0, x[1] - x[2] > 0 ? 1 : 0, x[0] + x[1] > 1.2 ? 1 : 0]);
    }

    private static Samples Draw(int count, ref RandomStream random, Func<float[], double, float[]> targets)
    {
        var rows = new List<float[]>();
        var wanted = new List<float[]>();
        for (var i = 0; i < count; i++)
        {
            rows.Add([Next(ref random), Next(ref random), Next(ref random)]);
            wanted.Add(targets(rows[i], random.NextNormal()));
        }
        return new Samples(rows.SelectMany(row => row).ToArray(), 3, [.. wanted.SelectMany(row => row)]);

        static float Next(ref RandomStream random) => (float)(2 * random.NextDouble() - 1);
    }
}
