using Engine.Data;
using Engine.Numerics;
using Engine.Tests.Support;
using MathNet.Numerics.Statistics;

namespace Engine.Tests.Data;

public sealed class FeedingTests
{
    [Fact]
    public void A_split_holds_out_the_share_and_loses_nobody()
    {
        var labels = Blobs.Make().Train.Labels;

        var split = Split.Make(labels, 0.1, stratified: false, seed: 1);

        Assert.Equal(50, split.Validation.Length);
        Assert.Equal(Enumerable.Range(0, 500), split.Training.Concat(split.Validation).Order());
        Assert.Equal(split.Validation, Split.Make(labels, 0.1, false, 1).Validation);
        Assert.NotEqual(split.Validation, Split.Make(labels, 0.1, false, 2).Validation);
    }

    [Fact]
    public void A_stratified_split_holds_out_the_share_of_every_class()
    {
        var labels = Blobs.Make().Train.Labels;

        var split = Split.Make(labels, 0.2, stratified: true, seed: 1);

        for (var c = 0; c < 4; c++)
            Assert.Equal((int)Math.Round(0.2 * labels.Count(l => l == c)), split.Validation.Count(i => labels[i] == c));
    }

    [Fact]
    public void A_batch_is_sorted_by_class_and_stays_in_order_within_one()
    {
        byte[] labels = [2, 0, 1, 2, 0, 1, 0];
        int[] batch = [6, 3, 5, 0, 1];

        new ClassOrder(labels, classes: 3, capacity: 5).Sort(batch);

        Assert.Equal([6, 1, 5, 3, 0], batch);
    }

    [Fact]
    public void Scaling_looks_at_the_training_examples_only()
    {
        var samples = new Samples([0f, 10f, 4f, 20f, 999f, -999f], new byte[3], 2);

        var unit = Apply(Scaling.Range(samples, [0, 1], 0), samples, [0, 1]);
        var symmetric = Apply(Scaling.Range(samples, [0, 1], -1), samples, [0, 1]);
        var standard = Apply(Scaling.Standard(samples, [0, 1], 1), samples, [0, 1]);

        Matrices.AssertClose([0, 0, 1, 1], unit, 1e-6);
        Matrices.AssertClose([-1, -1, 1, 1], symmetric, 1e-6);
        Matrices.AssertClose([-1, -1, 1, 1], standard, 1e-6);
    }

    [Fact]
    public void Images_are_scaled_as_they_are_or_by_the_pixel()
    {
        var data = new Dataset("two pixels", 1, 2, 1, ["a", "b"], new Samples([0, 10, 4, 20], [0, 1], 2), new Samples([0, 0], [0], 2));

        var none = Apply(Scalings.Catalog.Find("none")(data, [0, 1]), data.Train, [0, 1]);
        var perPixel = Apply(Scalings.Catalog.Find("zscore_per_pixel")(data, [0, 1]), data.Train, [0, 1]);

        Assert.Equal([0, 10, 4, 20], none);
        Matrices.AssertClose([-1, -1, 1, 1], perPixel, 1e-6);
    }

    [Fact]
    public void Runs_on_the_same_split_share_it_and_its_scaling()
    {
        var data = Blobs.Make();
        var first = PreparedData.Of(data, 0.1, false, 1, "zscore");

        Assert.Same(first, PreparedData.Of(data, 0.1, false, 1, "zscore"));
        Assert.NotSame(first, PreparedData.Of(data, 0.1, false, 2, "zscore"));
        Assert.NotSame(first, PreparedData.Of(data, 0.1, false, 1, "unit"));
        Assert.NotSame(first, PreparedData.Of(Blobs.Make(), 0.1, false, 1, "zscore"));
    }

    [Fact]
    public void Bytes_are_scaled_to_mean_0_and_variance_1()
    {
        var samples = Blobs.Make().Train;
        int[] all = [.. Enumerable.Range(0, samples.Count)];

        var values = Apply(Scaling.Standard(samples, all, 1), samples, all).Select(x => (double)x).ToArray();

        Assert.Equal(0, values.Mean(), 1e-4);
        Assert.Equal(1, values.PopulationVariance(), 1e-3);
    }

    [Fact]
    public void Bytes_become_shares_of_255()
    {
        var samples = new Samples(Enumerable.Range(0, 256).Select(i => (byte)i).ToArray(), new byte[1], 256);

        Assert.Equal(Enumerable.Range(0, 256).Select(i => i * (1f / 255)), Apply(Scaling.Range(samples, [0], 0), samples, [0]));
    }

    [Fact]
    public void Examples_of_another_size_are_refused()
    {
        using var gatherer = new Gatherer(new Scaling([1, 1], [0, 0]), new OutputSpec(LearningTask.Classification, ["a"]), 1);

        var error = Assert.Throws<EngineException>(() => { gatherer.Gather(new Samples([1f, 2f, 3f], new byte[1], 3), [0], 0, 1, Worker.Alone); });

        Assert.Equal("The examples have 3 features, but the network takes 2.", error.Message);
    }

    private static float[] Apply(Scaling scaling, Samples samples, int[] order) => Widths.Same(() =>
    {
        using var gatherer = new Gatherer(scaling, new OutputSpec(LearningTask.Classification, ["a"]), order.Length);
        return Matrices.Read(gatherer.Gather(samples, order, 0, order.Length, Worker.Alone));
    });
}
