using System.Text.Json;
using Tests.Shared;

namespace Client.Tests.Processes;

/// <summary>A simulated sweep of 30 runs with nine parameters that vary.</summary>
public sealed class WideSweep : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public WideSweep()
    {
        File.WriteAllText(folder["wide.yaml"], """
            name: wide
            method: random
            seed: 4
            run_cap: 30
            epochs: 3
            function: branin
            metric: {name: value, goal: minimize}
            parameters:
              x1: {min: -5.0, max: 10.0}
              x2: {min: 0.0, max: 15.0}
              nothing.optimizer: {values: [adam, nadam, sgd]}
              a_long_name_of_a_parameter: {values: [true, false]}
              p5: {min: 1, max: 1000000}
              p6: {values: ["one word", "\u001b[31mred"]}
              p7: {values: [日本語の値, 中]}
              p8: {min: 0.0, max: 1.0}
              p9: {min: 0.0, max: 1.0}
              fixed: {value: 3}
            """);
        var (exit, _, errors) = SweepProcess.Run(Home, "simulate", folder["wide.yaml"], "--keep");
        Assert.True(exit == 0, errors);
    }

    /// <summary>The folder of the sweep.</summary>
    public string Home => folder["home"];

    public void Dispose() => folder.Dispose();
}

/// <summary>Tables of runs through the command line.</summary>
public sealed class RunTableTests(WideSweep sweep) : IClassFixture<WideSweep>
{
    private string Home => sweep.Home;

    [Theory]
    [InlineData(60)]
    [InlineData(80)]
    [InlineData(120)]
    public void A_narrow_table_has_the_columns_that_matter_and_names_the_others(int columns)
    {
        var text = In(columns, "top", "-n", "5");

        Assert.All(text.Split('\n'), line => Assert.True(Client.Output.Format.CellWidth(line) <= columns, line));
        Assert.Contains("x1", text.Split('\n')[0], StringComparison.Ordinal);
        Assert.Contains("x2", text.Split('\n')[0], StringComparison.Ordinal);
        Assert.Contains("left out: ", text, StringComparison.Ordinal);
        Assert.Contains("p7", text[text.IndexOf("left out: ", StringComparison.Ordinal)..], StringComparison.Ordinal);
        Assert.DoesNotContain("fixed", text, StringComparison.Ordinal);
        Assert.Contains("5 of 30 runs; all: -n 30", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pipe_gets_every_column_and_nothing_that_moves_the_cursor()
    {
        var text = Output("top");

        foreach (var parameter in (string[])["x1", "x2", "optimizer", "a_long_name_of_a_parameter", "p5", "p6", "p7", "p8", "p9"])
            Assert.Contains(parameter, text.Split('\n')[0], StringComparison.Ordinal);
        Assert.DoesNotContain("left out", text, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', text);
        Assert.Contains("\\u001b[31mred", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_condition_an_order_and_columns_choose_what_is_shown()
    {
        var runs = Runs("top", "-n", "100", "--where", "nothing.optimizer in [adam, nadam] and x1 > 0 and state == finished", "--sort", "x1");

        Assert.InRange(runs.Count, 1, 29);
        Assert.All(runs, run => Assert.NotEqual("sgd", run.GetProperty("configuration").GetProperty("nothing.optimizer").GetString()));
        var x1 = runs.ConvertAll(run => run.GetProperty("configuration").GetProperty("x1").GetDouble());
        Assert.All(x1, x => Assert.True(x > 0));
        Assert.Equal(x1.Order(), x1);
        var lines = Output("top", "-n", "2", "--columns", "optimizer,best,seconds,state").Split('\n');
        Assert.Equal(["run", "nothing.optimizer", "best", "seconds", "state"], lines[0].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("None of 30 runs satisfies: x1 > 100", Output("top", "--where", "x1 > 100"), StringComparison.Ordinal);
        var highest = Runs("top", "-n", "100", "--metric", "value:max").ConvertAll(run => run.GetProperty("curve").EnumerateArray().Max(value => value.GetDouble()));
        Assert.Equal(30, highest.Count);
        Assert.Equal(highest.OrderDescending(), highest);
    }

    [Theory]
    [InlineData("--columns: no run has 'optimiser'. Did you mean 'nothing.optimizer'?", "--columns", "optimiser")]
    [InlineData("--columns: no run has 'stat'. Did you mean 'state'?", "--columns", "stat")]
    [InlineData("--where: 'x3' is neither a column nor a value of one. Did you mean 'x1'?", "--where", "x3 > 1")]
    [InlineData("--where: Expected", "--where", "x1 >")]
    [InlineData("--sort x1:up: expected x1:asc or x1:desc.", "--sort", "x1:up")]
    [InlineData("--metric: no epoch has 'valu'. Did you mean 'value'?", "--metric", "valu")]
    public void A_name_that_no_run_has_is_refused(string message, params string[] options)
    {
        var (exit, output, errors) = SweepProcess.Run(Home, ["top", .. options]);

        Assert.Equal((2, ""), (exit, output));
        Assert.Contains(message, errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--slots 1000001: expected 1 … 1000000.", "whatif", "--early-terminate", "median", "--slots", "1000001")]
    [InlineData("--early-terminate: ", "whatif", "--early-terminate", "{")]
    [InlineData("--budget-epochs: ", "whatif", "--budget-epochs", "0")]
    [InlineData("--columns ,: expected names", "top", "--columns", ",")]
    [InlineData("--count has no effect", "curves", "--run", "3", "-n", "3")]
    [InlineData("--run has no effect", "show", "--run", "3", "--file")]
    [InlineData("two different runs or more", "compare", "3", "3")]
    [InlineData("there is no folder /no/such", "export", "--runs", "/no/such/x.csv")]
    [InlineData("there is no folder /no/such", "export", "--runs", "/no/such/x.sqlite")]
    public void An_option_without_meaning_is_refused_with_its_name(string message, params string[] args)
    {
        var (exit, output, errors) = SweepProcess.Run(Home, args);

        Assert.Equal((2, ""), (exit, output));
        Assert.Contains(message, errors, StringComparison.Ordinal);
        Assert.DoesNotContain(".tmp", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void The_headings_are_the_names_of_the_columns()
    {
        var heads = Output("top").Split('\n')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(["epoch", "value", "best_epoch"], heads[^3..]);
        Assert.Contains("best_epoch", Output("top", "--columns", "best_epoch").Split('\n')[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Runs_are_compared_drawn_and_told_event_by_event()
    {
        var compared = Output("compare", "3", "7", "wide");
        Assert.Contains("run 3", compared, StringComparison.Ordinal);
        Assert.Contains("difference", compared, StringComparison.Ordinal);
        Assert.Contains("the same: ", compared, StringComparison.Ordinal);
        Assert.Contains("no run 99", SweepProcess.Run(Home, "compare", "3", "99").Errors, StringComparison.Ordinal);
        Assert.Contains("two different runs or more", SweepProcess.Run(Home, "compare", "3").Errors, StringComparison.Ordinal);

        Assert.Matches(@"a  run 3, .*value [-0-9.]+ at epoch \d, its best", Output("curves", "--run", "3", "--run", "3"));
        Assert.DoesNotContain("b  run 3", Output("curves", "--run", "3", "--run", "3"), StringComparison.Ordinal);

        var curves = Output("curves", "-n", "3");
        Assert.Contains("┤", curves, StringComparison.Ordinal);
        Assert.Contains("epoch", curves, StringComparison.Ordinal);
        Assert.Contains("  c  run ", curves, StringComparison.Ordinal);
        Assert.Contains("└", Output("show", "--run", "3"), StringComparison.Ordinal);

        var told = Output("tail", "-n", "3").TrimEnd().Split('\n');
        Assert.Equal(3, told.Length);
        Assert.Contains("the sweep finished", told[^1], StringComparison.Ordinal);
        Assert.All(Output("tail", "--run", "5", "-n", "100").TrimEnd().Split('\n'), line => Assert.Contains("run 5", line, StringComparison.Ordinal));
    }

    private string Output(params string[] args)
    {
        var (exit, output, errors) = SweepProcess.Run(Home, args);
        Assert.True(exit == 0, errors);
        return output;
    }

    private List<JsonElement> Runs(params string[] args) => [.. JsonDocument.Parse(Output([.. args, "-o", "json"])).RootElement.EnumerateArray()];

    private string In(int columns, params string[] args)
    {
        var (exit, output, errors) = SweepProcess.RunWith(new() { ["COLUMNS"] = $"{columns}" }, Home, args);
        Assert.True(exit == 0, errors);
        return output;
    }
}
