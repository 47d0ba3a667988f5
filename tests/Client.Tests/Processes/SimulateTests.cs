using System.Globalization;
using System.Text.Json;
using Tests.Shared;

namespace Client.Tests.Processes;

public class SimulateTests
{
    private const string Function = """
        method: random
        run_cap: 27
        epochs: 9
        trainable: function
        function: learning_curves
        metric: {name: value, goal: minimize}
        parameters: {x1: {min: 0.0, max: 1.0}, x2: {min: 0.0, max: 1.0}}
        early_terminate: {type: asha, min_iter: 1, eta: 3}
        """;

    [Fact]
    public void Rules_are_compared_on_many_virtual_slots_and_nothing_is_left_behind()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["curves.yaml"], Function);

        var (exit, output, errors) = SweepProcess.Run(
            folder["home"], "simulate", folder["curves.yaml"], "--slots", "64", "--repeat", "3", "--early-terminate", "none", "asha_stopping", "--output", "json");

        Assert.True(exit == 0, errors);
        using var json = JsonDocument.Parse(output);
        var variants = json.RootElement.GetProperty("contenders").EnumerateArray().ToList();
        Assert.Equal(["none", "asha_stopping 1 3 9"], variants.Select(variant => variant.GetProperty("stopping").GetString()));
        var full = variants[0].GetProperty("sweeps").EnumerateArray().ToList();
        Assert.Equal([0, 1, 2], full.Select(sweep => sweep.GetProperty("seed").GetInt32()));
        Assert.All(full, sweep => Assert.Equal((27, 243, 9), (sweep.GetProperty("runs").GetInt32(), sweep.GetProperty("epochs").GetInt32(), sweep.GetProperty("time").GetInt32())));
        Assert.True(variants[1].GetProperty("sweeps")[0].GetProperty("epochs").GetInt32() < 243);
        Assert.False(Directory.Exists(folder["home"]));
    }

    [Fact]
    public void Files_are_compared_and_seeds_without_effect_are_warned_of()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["curves.yaml"], Function);
        File.WriteAllText(folder["t.csv"], "row,epoch,loss\n0,1,2\n1,1,1\n2,1,4\n");
        File.WriteAllText(folder["table.yaml"], """
            method: grid
            epochs: 1
            trainable: table
            table: t.csv
            metric: {name: loss}
            parameters: {row: {min: 0, max: 2}}
            """);

        var (exit, output, errors) = SweepProcess.Run(folder["home"], "simulate", folder["curves.yaml"], folder["table.yaml"], "--repeat", "2", "--data", folder.Path);

        Assert.True(exit == 0, errors);
        Assert.Contains("learning_curves, t.csv, simulated on 1 slot; time in epochs; 2 seeds", output, StringComparison.Ordinal);
        Assert.Matches(@"table +3 +3 +3 +1\.0000 ±0\.0000 .* 0\.0000 ±0\.0000", output);
        Assert.Contains("table.yaml: every seed is the same sweep", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("curves.yaml: every", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_simulated_sweep_that_is_kept_is_one_like_any_other()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["curves.yaml"], Function);

        var (exit, output, errors) = SweepProcess.Run(folder["home"], "simulate", folder["curves.yaml"], "--keep", "--output", "json");

        Assert.True(exit == 0, errors);
        using var json = JsonDocument.Parse(output);
        var sweep = json.RootElement.GetProperty("sweep").GetString()!;
        var best = json.RootElement.GetProperty("contenders")[0].GetProperty("sweeps")[0].GetProperty("best").GetDouble();
        Assert.StartsWith("curves-", sweep, StringComparison.Ordinal);
        using var shown = JsonDocument.Parse(SweepProcess.Run(folder["home"], "best", sweep, "--output", "json").Output);
        Assert.Equal(best, shown.RootElement.GetProperty("best").GetProperty("metrics").GetProperty("value").GetDouble());
        Assert.Contains("rung 1", SweepProcess.Run(folder["home"], "why", "3", sweep).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Patience_stops_a_flat_curve_after_exactly_its_epochs()
    {
        using var folder = new TemporaryFolder();
        double[][] curves = [[.1, .1, .1, .1, .1, .1], [.5, .6, .7, .7, .7, .7], [.5, .51, .52, .53, .54, .55], [.9, .8, .8, .8, .8, .8]];
        File.WriteAllLines(folder["flat.csv"], curves.SelectMany((curve, row) => curve.Select((value, i) =>
            string.Create(CultureInfo.InvariantCulture, $"{row},{i + 1},{value}"))).Prepend("row,epoch,acc"));
        File.WriteAllText(folder["flat.yaml"], $$"""
            method: grid
            epochs: 6
            trainable: table
            table: '{{folder["flat.csv"]}}'
            metric: {name: acc, goal: maximize}
            parameters: {row: {min: 0, max: 3} }
            early_terminate: {type: patience, epochs: 3}
            """);

        var (exit, output, errors) = SweepProcess.Run(folder["home"], "simulate", folder["flat.yaml"], "--keep", "--output", "json");

        Assert.True(exit == 0, errors);
        using var json = JsonDocument.Parse(output);
        Assert.Equal(4 + 6 + 6 + 4, json.RootElement.GetProperty("contenders")[0].GetProperty("sweeps")[0].GetProperty("epochs").GetInt32());
        var why = SweepProcess.Run(folder["home"], "why", "0", json.RootElement.GetProperty("sweep").GetString()!).Output;
        Assert.Matches(@"4 +Stopped by patience: acc 0\.1, cutoff 0\.1", why);
    }

    [Theory]
    [InlineData("trainable: function\nfunction: learning_curves", "dataset: glyphs", "take real time")]
    [InlineData("run_cap: 27", "", "may never end")]
    [InlineData("trainable: function\nfunction: learning_curves", "trainable: table\ntable: nowhere.csv", "nowhere.csv")]
    [InlineData("asha, ", "asha, ", "--repeat 0", "--repeat", "0")]
    [InlineData("asha, ", "asha, ", "--slots 0", "--slots", "0")]
    [InlineData("asha, ", "asha, ", "--keep keeps one sweep", "--keep", "--repeat", "2")]
    [InlineData("asha, ", "asha, ", "--store has no effect on simulate", "--keep", "--store", "Host=x")]
    [InlineData("asha, ", "asha, ", "ashe", "--early-terminate", "ashe")]
    public void What_cannot_be_simulated_is_refused_in_one_message(string what, string by, string message, params string[] args)
    {
        using var folder = new TemporaryFolder();
        var text = Function.Replace(what, by, StringComparison.Ordinal);
        if (by.Contains("table", StringComparison.Ordinal))
            text = text.Replace("x1:", "row:", StringComparison.Ordinal).Replace("0.0, max: 1.0", "0, max: 1", StringComparison.Ordinal);
        if (by.Contains("glyphs", StringComparison.Ordinal))
            text = text.Replace("x1:", "learning_rate:", StringComparison.Ordinal).Replace("x2:", "dropout:", StringComparison.Ordinal)
                .Replace("0.0, max: 1.0", "0.1, max: 0.2", StringComparison.Ordinal).Replace("{name: value", "{name: val_loss", StringComparison.Ordinal);
        File.WriteAllText(folder["curves.yaml"], text);

        var (exit, output, errors) = SweepProcess.Run(folder["home"], ["simulate", folder["curves.yaml"], .. args]);

        Assert.Equal((int)ExitCode.Usage, exit);
        Assert.Contains(message, errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
        Assert.Empty(output);
        Assert.False(Directory.Exists(folder["home"]));
    }
}
