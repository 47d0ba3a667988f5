using System.Xml.Linq;
using Client.Output;
using Sweeps.Page.Figures;

namespace Client.Tests.Output;

public class SweepFigureTests
{
    [Fact]
    public void A_sweep_has_four_figures_and_each_run_with_a_value_is_in_them()
    {
        var figures = SweepFigures.Of(ExampleHistory.History, ExampleHistory.Log).ToDictionary(figure => figure.Name, figure => XDocument.Parse(figure.Svg));

        Assert.Equal(["curves", "importance", "objective", "parallel"], figures.Keys.Order());
        Assert.Equal(3, Count(figures["objective"], "circle"));
        Assert.Equal(3, figures["parallel"].Descendants().Count(element => element.Name.LocalName == "path" && element.Attribute("d")!.Value.Count(c => c == 'L') == 3));
        Assert.Contains("3 of 4 runs", figures["parallel"].Root!.Value, StringComparison.Ordinal);
        Assert.All(["hidden_size", "learning_rate", "optimizer", "val_accuracy", "adam", "64"], text => Assert.Contains(text, figures["parallel"].Root!.Value, StringComparison.Ordinal));
    }

    [Fact]
    public void The_same_log_gives_the_same_file() =>
        Assert.Equal(SweepFigures.Objective(ExampleHistory.History), SweepFigures.Objective(ExampleHistory.History));

    [Fact]
    public void Text_of_a_sweep_is_text_in_the_figure()
    {
        var svg = Figure.Bars("<script>alert(1)</script>", [("\"><img onerror=x>", 1), ("b", -2)]);

        Assert.Equal(0, Count(XDocument.Parse(svg), "script") + Count(XDocument.Parse(svg), "img"));
        Assert.Contains("<script>alert(1)</script>", XDocument.Parse(svg).Root!.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void A_character_that_XML_does_not_allow_is_replaced()
    {
        var svg = Figure.Bars("red \u001b[31m", [("half a pair \ud800", 1), ("whole \ud83d\ude00", 2)]);

        Assert.Contains("red \uFFFD[31mhalf a pair \uFFFD", XDocument.Parse(svg).Root!.Value, StringComparison.Ordinal);
        Assert.Contains("whole \ud83d\ude00", XDocument.Parse(svg).Root!.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void The_tip_of_a_run_has_a_small_value_in_full() =>
        Assert.Contains("run 0: 2e-5", Figure.ObjectiveByRun("title", "loss", [0.00002], maximize: false), StringComparison.Ordinal);

    private static int Count(XDocument document, string name) => document.Descendants().Count(element => element.Name.LocalName == name);
}
