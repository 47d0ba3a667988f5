using Engine.Numerics;
using MathNet.Numerics.Statistics;

namespace Engine.Tests.Numerics;

public sealed class RandomStreamTests
{
    /// <summary>The published first outputs of SplitMix64 from state 1234567.</summary>
    [Fact]
    public void It_gives_the_published_numbers()
    {
        var random = new RandomStream(1234567);

        Assert.Equal([6457827717110365317UL, 3203168211198807973UL, 9817491932198370423UL], [random.Next(), random.Next(), random.Next()]);
    }

    [Fact]
    public void Purposes_and_indices_give_unrelated_streams()
    {
        var keys = new HashSet<ulong>();
        foreach (var purpose in Enum.GetValues<RandomPurpose>())
            for (ulong index = 0; index < 100; index++)
                Assert.True(keys.Add(RandomStream.Key(1, purpose, index)));
    }

    [Fact]
    public void Normal_numbers_have_the_moments_of_the_normal_distribution()
    {
        var random = new RandomStream(3);
        var numbers = Enumerable.Range(0, 50_000).Select(_ => random.NextNormal()).ToArray();

        Assert.InRange(numbers.Mean(), -0.02, 0.02);
        Assert.InRange(numbers.Variance(), 0.97, 1.03);
        Assert.InRange(numbers.Kurtosis(), -0.1, 0.1);
    }

    [Fact]
    public void A_shuffle_is_a_permutation_that_depends_on_the_key()
    {
        var (a, b) = (Enumerable.Range(0, 100).ToArray(), Enumerable.Range(0, 100).ToArray());

        new RandomStream(1).Shuffle(a);
        new RandomStream(2).Shuffle(b);

        Assert.NotEqual(a, b);
        Assert.Equal(Enumerable.Range(0, 100), a.Order());
    }
}
