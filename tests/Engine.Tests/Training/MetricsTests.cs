using Engine.Data;
using Engine.Networks;
using Engine.Training;

namespace Engine.Tests.Training;

/// <summary>Metrics of evaluations, against values computed from their definitions example by example and pair by pair.</summary>
public sealed class MetricsTests
{
    private static readonly float[] Logits =
    [
        2, 1, 0,  0, 2, 1,  1, 0, 2,  3, 0, 0,  0, 1, 0.5f,  0.2f, 0.1f, 0,  1, 1, 0,  0, 0.3f, 2,
    ];

    private static readonly byte[] Labels = [0, 1, 2, 1, 1, 2, 0, 1];

    [Theory]
    [InlineData("macro_f1", 0.6111111111111112)]
    [InlineData("balanced_accuracy", 0.6666666666666666)]
    [InlineData("top_2_accuracy", 0.875)]
    [InlineData("auc", 0.7152777777777778)]
    public void Of_three_classes(string metric, double expected) => Assert.Equal(expected, Of(Logits, Labels, 3, metric), 1e-9);

    [Fact]
    public void The_area_of_two_classes_is_that_of_the_second_and_ties_count_half()
    {
        float[] logits = [0, 1, 0, 2, 0, 1, 0, -1, 0, 1];
        byte[] labels = [0, 1, 1, 0, 0];

        // Pairs: (2, each of 1, 1, -1) wins 3 … of 2 × 3; the second positive ties with two and wins against one.
        Assert.Equal((3 + 0.5 + 0.5 + 1) / 6, Of(logits, labels, 2, "auc"), 1e-12);
    }

    [Fact]
    public void Without_both_classes_or_with_a_score_that_is_none_there_is_no_area()
    {
        Assert.Equal(double.NaN, Of([0, 1, 0, 2], [1, 1], 2, "auc"));
        Assert.Equal(double.NaN, Of([0, float.NaN, 0, 2], [1, 0], 2, "auc"));
    }

    [Fact]
    public void Names_are_found_and_others_refused_with_the_choice()
    {
        Assert.All(Metrics.Names, name => Assert.True(Metrics.Has(name)));
        Assert.True(Metrics.Has("top_5_accuracy"));
        Assert.False(Metrics.Has("top_1_accuracy"));
        Assert.Contains("Choose one of: macro_f1", Assert.Throws<EngineException>(() => Metrics.Find("f2")).Message, StringComparison.Ordinal);
    }

    private static double Of(float[] logits, byte[] labels, int classes, string metric) => new Evaluation(
        new OutputSpec(LearningTask.Classification, [.. Enumerable.Range(0, classes).Select(c => $"{c}")]), logits,
        new Samples(new float[labels.Length], labels, 1), chosen: null, default(LossSum)).Measure([metric])[0];
}
