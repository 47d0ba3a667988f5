using System.Text.Json;
using Client.Output;
using Client.Output.Exports;
using Client.Sources;
using Client.Views;
using Grains.Contracts;
using Spectre.Console.Rendering;
using Sweeps.Core;
using Sweeps.Simulation;

namespace Client.Tests.Output;

public class OutputTests
{
    private static readonly SweepHistory History = ExampleHistory.History;

    public static TheoryData<string, int> Pictures
    {
        get
        {
            var pictures = new TheoryData<string, int>();
            foreach (var name in All.Keys)
            {
                pictures.Add(name, 120);
                pictures.Add(name, 80);
                pictures.Add(name, 60);
                pictures.Add(name, 40);
            }
            return pictures;
        }
    }

    private static Dictionary<string, Func<int, IRenderable>> All { get; } = new()
    {
        ["best"] = width => SweepSummary.Build(History, width),
        ["show"] = width => SweepDetails.Build(History, width),
        ["show-run"] = width => RunDetails.Build(History, History.Run(1), new RecordedEpochs(ExampleHistory.Log), width),
        ["show-diverged"] = width => RunDetails.Build(History, History.Run(2), new RecordedEpochs(ExampleHistory.Log), width),
        ["top"] = width => RunTable.Build([.. History.State.Leaderboard(10).Select(History.ViewOf)], ParameterOrder.Of(History, width), "val_accuracy", width, 1),
        ["list"] = width => SweepList.Build([History], [], TimeZoneInfo.Utc, width),
        ["nodes"] = width => NodeTable.Build(
            [
                new("127.0.0.1:11111@154818660", 4, 1, false, ["fashion-mnist"], "1.0.0", Sweeps: [new("fmnist-asha-wwquv", 1, null)], Resources: "8 cores (7 free), 16 GB, 1 GPU"),
                new("127.0.0.1:11112@154818661", 2, 0, true, [], "1.0.0"),
                new("127.0.0.1:11113@154818660", 2, 0, false, [], "0.9.0", Trouble: "its program (0.9.0) is older than that of other nodes and cannot read their assignments; update it"),
            ],
            width),
        ["why"] = width => WhyText.Build(History, History.Run(1), Why.Explain(ExampleHistory.Log, 1, SweepSources.ReadSpec), width),
        ["importance"] = width => ImportanceTable.Build(History, SweepAnalysis.Of(History, ExampleHistory.Log)!, width),
        ["simulate"] = width => SimulationTable.Build(ExampleSimulation.Variants, 16, width),
        ["simulate-one"] = width => SimulationTable.Build([ExampleSimulation.Variants[1] with { Sweeps = [ExampleSimulation.Variants[1].Sweeps[0]] }], 1, width),
        ["whatif"] = width => WhatIfText.Build(History, History.Spec, WhatIf.Replay(ExampleHistory.Log, SweepSources.ReadSpec, spec => spec with { Rules = [] }, 1), width),
    };

    [Theory]
    [MemberData(nameof(Pictures))]
    public void Looks_like_this_and_fits(string name, int width)
    {
        var drawn = TestConsole.Draw(All[name](width), width);

        Golden.Check($"{name}-{width}", drawn);
        Assert.All(drawn.Split('\n'), line => Assert.True(line.Length <= width, line));
    }

    [Fact]
    public void The_summary_for_programs_is_one_line_with_the_promised_keys()
    {
        var line = SweepJson.Summary(History);

        using var json = JsonDocument.Parse(line);
        Assert.DoesNotContain('\n', line);
        Assert.Equal(["sweep", "state", "runs", "epochs", "best"], json.RootElement.EnumerateObject().Select(property => property.Name));
        Assert.StartsWith(
            """{"run":1,"name":"hs_64_op_adam_lr_0.002","epoch":7,"configuration":{"hidden_size":64,"learning_rate":0.002,"optimizer":"adam"},"metrics":{"test_accuracy":0.9512""",
            json.RootElement.GetProperty("best").GetRawText(), StringComparison.Ordinal);
        Assert.Equal(0.9512, json.RootElement.GetProperty("best").GetProperty("metrics").GetProperty("test_accuracy").GetDouble());
    }

    [Fact]
    public void What_json_cannot_write_is_null() => Assert.Contains("\"curve\":[null]", SweepJson.Run(History, History.Run(2)), StringComparison.Ordinal);

    [Fact]
    public void The_table_of_runs_has_a_line_per_run_and_empty_cells_where_nothing_is()
    {
        using var stream = new MemoryStream();

        TableFile.WriteCsv(stream, ExportTable.Runs(History));

        var lines = System.Text.Encoding.UTF8.GetString(stream.ToArray()).TrimEnd('\n').Split('\n');
        Assert.Equal(1 + History.State.Runs.Count, lines.Length);
        Assert.Equal("run,name,state,epoch,best,best_epoch,seconds,hidden_size,learning_rate,optimizer,metrics.test_accuracy,metrics.test_loss,metrics.train_loss,metrics.val_accuracy,metrics.val_loss", lines[0]);
        Assert.StartsWith("2,hs_32_op_adam_lr_0.09,diverged,1,,,0.5,32,0.09,adam,,,", lines[3], StringComparison.Ordinal);
    }

    [Fact]
    public void Folding_an_event_twice_changes_nothing()
    {
        var history = ExampleHistory.History;

        history.Add(ExampleHistory.Log[3]);

        Assert.Equal(SweepJson.Summary(History), SweepJson.Summary(history));
    }
}
