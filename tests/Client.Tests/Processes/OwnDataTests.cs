using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Tests.Shared;

namespace Client.Tests.Processes;

/// <summary>Users' own data: tables of numbers and texts, from the sweep file to predictions.</summary>
public sealed class OwnDataTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Numbers_are_learned_from_a_table_and_predicted_from_one_with_other_columns()
    {
        var table = new StringBuilder("rooms;district;id;price\n");
        for (var i = 0; i < 80; i++)
            table.Append(CultureInfo.InvariantCulture, $"{(i % 7 == 3 ? "" : 1 + i % 5)};{(i % 2 == 0 ? "north" : "\"so\"\"uth\"\"\"")};{i};{200_000 + 30_000 * (i % 5) + 50_000 * (i % 2)}\n");
        File.WriteAllText(folder["houses.csv"], table.ToString());
        File.WriteAllText(folder["sweep.yaml"], """
            method: random
            run_cap: 2
            epochs: 40
            dataset:
              csv: houses.csv   # beside this file
              target: price
              missing: mean
              ignore: [id]
            parameters:
              hidden_size: {value: 8}
              learning_rate: {values: [0.02, 0.03]}
              batch_size: {value: 8}
            """);

        var run = SweepProcess.Run(folder["home"], "run", folder["sweep.yaml"], "--slots", "1", "--output", "json");
        Assert.True(run.ExitCode == 0, run.Errors);
        var best = JsonNode.Parse(run.Output.TrimEnd().Split('\n')[^1])!["best"]!;
        Assert.InRange((double)best["metrics"]!["val_rmse"]!, 1, 30_000);
        Assert.Contains($"csv: '{folder["houses.csv"]}'   # beside this file", File.ReadAllText(Path.Combine(folder["home"], TinySweep.Only(folder["home"])!, "sweep.yaml")), StringComparison.Ordinal);
        Assert.Equal(0, SweepProcess.Run(folder["home"], "export", "--weights", folder["model.npz"]).ExitCode);

        File.WriteAllText(folder["new.csv"], "note,district,rooms\nx,north,1\ny,\"so\"\"uth\"\"\",5\n");
        File.WriteAllText(folder["sold.csv"], "price,district,rooms\n200000,north,1\n370000,\"so\"\"uth\"\"\",5\n");
        var predicted = SweepProcess.Run(folder["home"], "predict", folder["model.npz"], folder["new.csv"]);
        Assert.True(predicted.ExitCode == 0, predicted.Errors);
        double[] prices = [.. predicted.Output.Trim().Split('\n').Skip(1).Select(line => double.Parse(line.Split('\t')[1], CultureInfo.InvariantCulture))];
        Assert.InRange(prices[0], 150_000, 250_000);
        Assert.InRange(prices[1], 300_000, 430_000);

        var scores = SweepProcess.Run(folder["home"], "predict", folder["model.npz"], folder["sold.csv"], "--labels", "--output", "json");
        Assert.True(scores.ExitCode == 0, scores.Errors);
        var target = JsonNode.Parse(scores.Output)!["targets"]![0]!;
        Assert.Equal((Math.Abs(prices[0] - 200_000) + Math.Abs(prices[1] - 370_000)) / 2, (double)target["mae"]!, 1.0);
        Assert.Contains("R2", SweepProcess.Run(folder["home"], "predict", folder["model.npz"], folder["sold.csv"], "--labels").Output, StringComparison.Ordinal);

        var missing = SweepProcess.Run(folder["home"], "predict", folder["model.npz"], folder["new.csv"], "--labels");
        Assert.Equal(((int)ExitCode.Usage, true), (missing.ExitCode, missing.Errors.Contains("there is no column 'price'", StringComparison.Ordinal)));
        File.WriteAllText(folder["new.csv"], "district\nnorth\n");
        Assert.Contains("a column 'rooms'", SweepProcess.Run(folder["home"], "predict", folder["model.npz"], folder["new.csv"]).Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Probabilities_and_scores_come_from_a_data_set_by_name()
    {
        File.WriteAllText(folder["sweep.yaml"], "method: random\nrun_cap: 1\nepochs: 1\ndataset: glyphs\nmetric: {name: val_macro_f1, goal: maximize}\nparameters: {hidden_size: {value: 8}}\n");
        Assert.Equal(0, SweepProcess.Run(folder["home"], "run", folder["sweep.yaml"], "--slots", "1").ExitCode);
        Assert.Equal(0, SweepProcess.Run(folder["home"], "export", "--weights", folder["m.safetensors"]).ExitCode);

        var scores = JsonNode.Parse(SweepProcess.Run(folder["home"], "predict", folder["m.safetensors"], "glyphs", "--labels", "--output", "json").Output)!;
        var lines = SweepProcess.Run(folder["home"], "predict", folder["m.safetensors"], "glyphs", "--probabilities").Output.TrimEnd().Split('\n');

        Assert.Equal((4000, 10), ((int)scores["examples"]!, scores["classes"]!.AsArray().Count));
        Assert.Equal("example\tglyph A\tglyph B", lines[0][..23]);
        Assert.Equal(4001, lines.Length);
        Assert.Equal(1, lines[1].Split('\t').Skip(1).Sum(p => double.Parse(p, CultureInfo.InvariantCulture)), 1e-4);

        Assert.Contains("confusion.svg, classes.svg", SweepProcess.Run(folder["home"], "report", "--figures", folder["figures"]).Output, StringComparison.Ordinal);
        Assert.Equal(10, XDocument.Load(Path.Combine(folder["figures"], "classes.svg")).Descendants().Count(element => element.Name.LocalName == "image"));
        var counts = XDocument.Load(Path.Combine(folder["figures"], "confusion.svg")).Descendants().Where(element => element.Name.LocalName == "text");
        Assert.Equal(4000, counts.Sum(text => int.TryParse(text.Value, CultureInfo.InvariantCulture, out var count) ? count : 0));
    }

    [Theory]
    [InlineData("{csv: t.csv, missing: median}", "sweep.yaml:3:23: 'dataset.missing' cannot be 'median'")]
    [InlineData("{csv: t.csv, tagret: x}", "sweep.yaml:3:23: Unknown key 'tagret' in 'dataset'. Did you mean 'target'?")]
    [InlineData("{cvs: t.csv}", "needs exactly one of idx, csv, npz, images")]
    [InlineData("{csv: t.csv, target: x, label: y}", "cannot be used together")]
    [InlineData("{csv: t.csv, shape: [28]}", "'dataset.shape' must be height, width and channels")]
    [InlineData("{csv: t.csv, delimiter: ab}", "must be one character")]
    [InlineData("{csv: t.csv, target: z}", "there is no column 'z'")]
    [InlineData("{npz: t.npz}", "t.npz: cannot be opened")]
    [InlineData("{images: pictures, channels: 2, size: 0}", "'dataset.size' must be")]
    [InlineData("{csv: t.csv, target: x}\nmetric: {name: val_accuracy, goal: maximize}", "sweep.yaml:4:1: 'val_accuracy' is not reported for numbers. Use {name: val_rmse, goal: minimize}")]
    [InlineData("{csv: t.csv, label: c}\nmetric: {name: val_r2, goal: maximize}", "'val_r2' is not reported for classes")]
    [InlineData("{csv: t.csv, label: c}\nmetric: {name: val_top_2_accuracy, goal: maximize}", "always 1 with 2 classes")]
    public void A_mistake_in_a_data_set_has_its_place(string dataset, string message)
    {
        File.WriteAllText(folder["t.csv"], "x,y,c\n1,2,a\n3,4,b\n5,6,a\n");
        File.WriteAllText(folder["sweep.yaml"], $"method: random\nrun_cap: 1\ndataset: {dataset}\nparameters: {{hidden_size: {{value: 4}}, validation_share: {{value: 0.4}}}}\n");

        var (exit, output, errors) = SweepProcess.Run(folder["home"], "check", folder["sweep.yaml"]);

        Assert.Equal(((int)ExitCode.Usage, ""), (exit, output));
        Assert.Contains(message, errors, StringComparison.Ordinal);
    }
}
