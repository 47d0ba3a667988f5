using Sweeps.Core;
using Sweeps.Simulation;
using Sweeps.Training;
using Tests.Shared;

namespace Runtime.Tests.Simulation;

public class LearningCurvesTests
{
    [Theory]
    [InlineData("t.csv", "row,epoch,loss,accuracy\n0,1,0.5,0.1\n0,2,,0.2\n1,1,0.4,0.3\n")]
    [InlineData("t.json", """{"task": "t", "configs": [[1], [2]], "loss": [[0.5, null], [0.4]], "accuracy": [[0.1, 0.2], [0.3]]}""")]
    public void A_table_gives_the_metrics_of_each_row_and_epoch(string name, string content)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder[name], content);
        var curves = LearningCurves.Load(folder[name]);
        Assert.Equal(["accuracy", "loss"], curves.Metrics);
        Assert.Equal((2, 2, 1), (curves.Rows, curves.Epochs(0), curves.Epochs(1)));
        Assert.Equal((double.PositiveInfinity, 0.2), (curves.At(0, 2)["loss"], curves.At(0, 2)["accuracy"]));
        using var session = new TableTrainable(curves).Start(Row(1), 0);
        var report = session.TrainEpoch(CancellationToken.None);
        Assert.Equal((1, 0.4, true), (report.Epoch, report.Metrics["loss"], report.Last));
    }

    [Theory]
    [InlineData("t.csv", "epoch,row,loss\n", "row,epoch,")]
    [InlineData("t.csv", "row,epoch,loss\n0,2,1\n", "epochs ascend from 1")]
    [InlineData("t.csv", "row,epoch,loss\n0,1\n", "line 2")]
    [InlineData("t.txt", "", ".json or .csv")]
    [InlineData("t.json", "[1", "t.json")]
    [InlineData("t.json", "{}", "at least one metric")]
    [InlineData("t.json", "[]", "the file holds a list, expected one object")]
    [InlineData("t.json", """{"loss": [[0.5], ["high"]]}""", "row 1 of 'loss' has a text, expected numbers and nulls")]
    [InlineData("t.csv", "row,epoch,loss,loss\n", "expected every name once")]
    public void A_table_that_is_none_is_refused_with_file_and_place(string name, string content, string expected)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder[name], content);
        var refusal = Assert.Throws<InvalidDataException>(() => LearningCurves.Load(folder[name]));
        Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
        Assert.Contains(folder[name], refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_row_the_table_does_not_have_fails_its_run_for_good()
    {
        var trainable = new TableTrainable(new LearningCurves([new("loss", [[1.0]])]));
        Assert.Contains("from 0 to 0", Assert.Throws<ConfigurationException>(() => trainable.Start(Row(1), 0)).Message, StringComparison.Ordinal);
        Assert.Contains("absent", Assert.Throws<ConfigurationException>(() => trainable.Start(Configuration.Empty, 0)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_checkpoint_that_is_cut_or_of_another_table_is_no_checkpoint()
    {
        using var session = new TableTrainable(new LearningCurves([new("loss", [[1.0]])])).Start(Row(0), 0);
        Assert.Throws<InvalidDataException>(() => session.Load(new MemoryStream([1, 0])));
        Assert.Throws<InvalidDataException>(() => session.Load(new MemoryStream(BitConverter.GetBytes(2))));
        session.Load(new MemoryStream(BitConverter.GetBytes(1)));
        Assert.Equal(1, session.Epoch);
    }

    private static Configuration Row(int row) => new([new("row", new Value.Integer(row))]);
}
