using Engine.Training;

namespace Engine.Tests.Training;

public sealed class ClassificationReportTests
{
    private static readonly ClassificationReport Report = new([0, 0, 1, 1, 1, 0], [0, 0, 0, 1, 1, 1], ["cat", "dog", "owl"]);

    [Fact]
    public void Scores_are_those_computed_by_hand()
    {
        Assert.Equal(4.0 / 6, Report.Accuracy, 12);
        Assert.Equal((2.0 / 3, 2.0 / 3, 2.0 / 3), (Report.Classes[0].Precision, Report.Classes[0].Recall, Report.Classes[0].F1));
        Assert.Equal((2, 1, 1, 2), (Report.Confusion(0, 0), Report.Confusion(0, 1), Report.Confusion(1, 0), Report.Confusion(1, 1)));
        Assert.Equal((0, 0, 0), (Report.Classes[2].Precision, Report.Classes[2].Recall, Report.Classes[2].F1));
        Assert.Equal(4.0 / 9, Report.MacroF1, 12);
    }

    [Fact]
    public void The_text_shows_classes_and_confusion() => Assert.Equal(
        """
        class  precision   recall       F1  examples
        cat       0.6667   0.6667   0.6667         3
        dog       0.6667   0.6667   0.6667         3
        owl       0.0000   0.0000   0.0000         0
        mean      0.4444   0.4444   0.4444         6
        accuracy  0.6667

        true \ predicted   0   1   2
          0 cat            2   1   .
          1 dog            1   2   .
          2 owl            .   .   .

        """, ReportText.Render(Report));

    [Fact]
    public void Predictions_that_do_not_fit_the_labels_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new ClassificationReport([0], [0, 1], ["a", "b"]));
        Assert.Throws<ArgumentException>(() => new ClassificationReport([2], [0], ["a", "b"]));
    }
}
