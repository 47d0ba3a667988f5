using System.Globalization;
using System.Text.Json;
using Tests.Shared;

namespace Client.Tests.Processes;

/// <summary>Search at the limits of its space, through the command line.</summary>
public class SearchCasesTests
{
    [Theory]
    [InlineData("tpe", "run_cap: 40", "values: [-5.0, 2.5, 10.0]", 9)]
    [InlineData("random", "", "values: [-5.0, 2.5, 10.0]", 9)]
    [InlineData("bayes", "", "{distribution: q_uniform, min: 2, max: 10, q: 5}", 9)]
    [InlineData("grid", "enqueue: [{x1: 0, x2: 5}, {x1: 0.0, x2: 5.0}]", "values: [0, 5]", 4)]
    public void Check_and_the_sweep_agree_about_the_runs_of_a_space_that_is_used_up(string method, string more, string values, int runs)
    {
        using var folder = new TemporaryFolder();
        var file = Branin(folder, method, values.StartsWith('{') ? values : $"{{{values}}}", more);

        var check = SweepProcess.Run(folder["home"], "check", file, "--output", "json");
        var (exit, output, errors) = SweepProcess.Run(folder["home"], "simulate", file, "--output", "json");

        Assert.True(exit == 0, errors);
        using var checkedJson = JsonDocument.Parse(check.Output);
        using var json = JsonDocument.Parse(output);
        Assert.Equal((runs, runs), (checkedJson.RootElement.GetProperty("runs").GetInt32(), checkedJson.RootElement.GetProperty("most_epochs").GetInt32()));
        Assert.Equal(runs, json.RootElement.GetProperty("contenders")[0].GetProperty("sweeps")[0].GetProperty("runs").GetInt32());
        Assert.Equal(runs, checkedJson.RootElement.GetProperty("samples").GetArrayLength());
    }

    [Fact]
    public void A_constraint_that_nothing_satisfies_is_named_and_the_sweep_has_failed()
    {
        using var folder = new TemporaryFolder();
        var file = Branin(folder, "random", "{min: 0.0, max: 10.0}", "run_cap: 5\nconstraints: ['x1 > 10', 'x2 < 9']");

        var (exit, output, errors) = SweepProcess.Run(folder["home"], "run", file);

        Assert.Equal((int)ExitCode.Failed, exit);
        Assert.Contains("failed: none of 10,000 random configurations satisfies the constraint 'x1 > 10'", output.TrimEnd().Split('\n')[^1], StringComparison.Ordinal);
        Assert.Contains("'x1 > 10'", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("finished", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Ranges_that_are_not_finite_and_steps_without_a_choice_are_mistakes()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["ranges.yaml"], """
            method: bayes
            run_cap: 15
            epochs: 1
            trainable: function
            function: branin
            metric: {name: value}
            parameters:
              x1: {distribution: uniform, min: -1.7e308, max: 1.7e308}
              x2: {distribution: log_normal, mu: 800, sigma: 1}
              a: {distribution: log_normal, mu: 3, sigma: 300}
              b: {distribution: log_normal, mu: -800, sigma: 1}
              c: {distribution: normal, mu: 0, sigma: 1.0e308}
              d: {distribution: q_log_uniform_values, min: 0.0001, max: 0.1}
              e: {distribution: q_uniform, min: 0.1, max: 0.2, q: 0.3}
            """);

        var (exit, _, errors) = SweepProcess.Run(folder["home"], "run", folder["ranges.yaml"]);

        Assert.Equal((int)ExitCode.Usage, exit);
        foreach (var (parameter, line) in new[] { ("x1", 8), ("x2", 9), ("a", 10), ("b", 11), ("c", 12), ("d", 13), ("e", 14) })
            Assert.Matches($@"ranges\.yaml:{line}:\d+: [^\n]*'{parameter}'", errors);
        Assert.Contains("the default is 1", errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["home"]));
    }

    [Fact]
    public void A_kept_simulation_is_the_newest_sweep_and_a_budget_of_time_counts_virtual_seconds()
    {
        using var folder = new TemporaryFolder();
        var file = Branin(folder, "tpe", "{min: 0.0, max: 10.0}", "run_cap: 3000\nbudget: {time: 100s}");
        Assert.Equal(0, SweepProcess.Run(folder["home"], "run", Branin(folder, "random", "{min: 0.0, max: 10.0}", "run_cap: 2", "earlier")).ExitCode);

        var (exit, output, errors) = SweepProcess.Run(folder["home"], "simulate", file, "--keep", "--output", "json");

        Assert.True(exit == 0, errors);
        using var json = JsonDocument.Parse(output);
        Assert.Equal(100, json.RootElement.GetProperty("contenders")[0].GetProperty("sweeps")[0].GetProperty("epochs").GetInt32());
        using var newest = JsonDocument.Parse(SweepProcess.Run(folder["home"], "best", "--output", "json").Output);
        Assert.Equal(json.RootElement.GetProperty("sweep").GetString(), newest.RootElement.GetProperty("sweep").GetString());
        Assert.Contains("random: tpe needs 10 results", SweepProcess.Run(folder["home"], "why", "3").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_says_what_cannot_happen()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["few.yaml"], """
            method: grid
            epochs: 81
            trainable: function
            function: learning_curves
            metric: {name: val_loss, goal: maximize}
            parameters: {x1: {values: [0.1, 0.5, 0.9]}, x2: {values: [0.1, 0.5, 0.9]}}
            early_terminate: {type: asha, min_iter: 1, eta: 3}
            """.Replace("val_loss", "value", StringComparison.Ordinal));
        File.WriteAllText(folder["goal.yaml"], "method: grid\ndataset: glyphs\nmetric: {name: val_loss, goal: maximize}\nparameters: {kernel_size: {values: [3, 31]}, padding: {value: valid}, conv_layers: {value: 1}, filters: {value: 2}}");
        File.WriteAllText(folder["target.yaml"], "method: grid\ndataset: glyphs\nmetric: {name: val_accuracy, goal: maximize, target: 90}\nparameters: {hidden_size: {values: [8]}}");

        Assert.Contains("(9@1 3@3 1@9), no run is expected to pass epoch 9 of 81", SweepProcess.Run(folder["home"], "check", folder["few.yaml"]).Output, StringComparison.Ordinal);
        var goal = SweepProcess.Run(folder["home"], "check", folder["goal.yaml"]).Output;
        Assert.Contains("'val_loss' is maximized. Did you mean", goal, StringComparison.Ordinal);
        Assert.Contains("with kernel_size = 31 can be trained", goal, StringComparison.Ordinal);
        var (exit, _, errors) = SweepProcess.Run(folder["home"], "check", folder["target.yaml"]);
        Assert.Equal((int)ExitCode.Usage, exit);
        Assert.Contains("for 90 % write 0.9", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Importance_counts_diverged_runs_as_the_worst_and_compares_where_no_run_was_stopped()
    {
        using var folder = new TemporaryFolder();
        // Rows from 30 on diverge at epoch 2; among the others, a higher row is better.
        File.WriteAllLines(folder["div.csv"], Enumerable.Range(0, 60).SelectMany(row => Enumerable.Range(1, 3).Select(epoch =>
            FormattableString.Invariant($"{row},{epoch},{(row < 30 || epoch < 2 ? (0.1 + row / 100.0).ToString(CultureInfo.InvariantCulture) : "nan")}"))).Prepend("row,epoch,acc"));
        File.WriteAllText(folder["div.yaml"], $$"""
            method: grid
            epochs: 3
            trainable: table
            table: '{{folder["div.csv"]}}'
            metric: {name: acc, goal: maximize}
            parameters: {row: {min: 0, max: 59}, other: {values: [1]} }
            """);
        Assert.Equal(0, SweepProcess.Run(folder["home"], "simulate", folder["div.yaml"], "--keep").ExitCode);

        using (var json = JsonDocument.Parse(SweepProcess.Run(folder["home"], "importance", "--output", "json").Output))
        {
            Assert.Equal((60, 3), (json.RootElement.GetProperty("runs").GetInt32(), json.RootElement.GetProperty("epoch").GetInt32()));
            Assert.True(json.RootElement.GetProperty("parameters")[0].GetProperty("correlations")[0].GetProperty("spearman").GetDouble() < 0);
        }
        var (exit, output, errors) = SweepProcess.Run(folder["home"], "importance", "--metric", "seconds", "--epoch", "1");
        Assert.True(exit == 0, errors);
        Assert.Contains("What mattered for seconds at epoch 1, from 60 of 60 runs", output, StringComparison.Ordinal);
        Assert.Contains("rank correlation with seconds", output, StringComparison.Ordinal);
        Assert.Contains("'acc'", SweepProcess.Run(folder["home"], "importance", "--metric", "ac").Errors, StringComparison.Ordinal);

        File.WriteAllText(folder["median.yaml"], """
            method: grid
            shuffle: true
            epochs: 12
            trainable: function
            function: learning_curves
            metric: {name: value, goal: minimize}
            parameters: {x1: {distribution: q_uniform, min: 0, max: 1, q: 0.1}, x2: {distribution: q_uniform, min: 0, max: 1, q: 0.1} }
            early_terminate: {type: median, min_iter: 3, min_runs: 3}
            """);
        Assert.Equal(0, SweepProcess.Run(folder["home"], "simulate", folder["median.yaml"], "--keep").ExitCode);
        using (var json = JsonDocument.Parse(SweepProcess.Run(folder["home"], "importance", "--output", "json").Output))
        {
            Assert.Equal((100, 0, "x2"), (json.RootElement.GetProperty("runs").GetInt32(), json.RootElement.GetProperty("stopped_before").GetInt32(),
                json.RootElement.GetProperty("parameters")[0].GetProperty("parameter").GetString()));
        }
        Assert.Contains("runs were stopped before epoch 12", SweepProcess.Run(folder["home"], "importance", "--epoch", "12").Output, StringComparison.Ordinal);
        var (refused, _, why) = SweepProcess.Run(folder["home"], "whatif", "--early-terminate", "none");
        Assert.Equal((int)ExitCode.Usage, refused);
        Assert.Contains("were stopped early", why, StringComparison.Ordinal);
    }

    [Fact]
    public void The_best_runs_are_confirmed_and_stopped_ones_audited_after_the_end()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["noisy.yaml"], """
            method: random
            run_cap: 27
            epochs: 9
            trainable: function
            function: {name: hartmann3, noise: 0.3}
            metric: {name: value, goal: minimize}
            parameters: {x1: {min: 0.0, max: 1.0}, x2: {min: 0.0, max: 1.0}, x3: {min: 0.0, max: 1.0} }
            early_terminate: {type: asha, min_iter: 1, eta: 3}
            """);
        File.WriteAllText(folder["own.yaml"], File.ReadAllText(folder["noisy.yaml"]) + "\nconfirm: {top: 2, seeds: 4}\n");
        Assert.Equal(0, SweepProcess.Run(folder["home"], "run", folder["noisy.yaml"], "--slots", "2").ExitCode);

        var (exit, output, errors) = SweepProcess.Run(folder["home"], "confirm", "--top", "3", "--seeds", "4", "--slots", "2");
        Assert.True(exit == 0, errors);
        Assert.Matches("is the best at 95 %|cannot be told apart at 95 %", output);
        Assert.Contains("in the search and has", output, StringComparison.Ordinal);
        (exit, output, errors) = SweepProcess.Run(folder["home"], "audit", "--epochs", "30", "--slots", "2", "--output", "json");
        Assert.True(exit == 0, errors);
        using (var json = JsonDocument.Parse(output))
        {
            var audit = json.RootElement.GetProperty("audit");
            Assert.Equal("finished", json.RootElement.GetProperty("state").GetString());
            Assert.InRange(audit.GetProperty("finished").GetInt32(), 2, 10);
            Assert.True(audit.GetProperty("most_better").GetInt32() <= audit.GetProperty("stopped").GetInt32());
            Assert.Equal(3, json.RootElement.GetProperty("confirmation").GetProperty("runs").GetArrayLength());
        }
        Assert.Contains("confirms run", SweepProcess.Run(folder["home"], "why", "27").Output, StringComparison.Ordinal);

        (exit, output, errors) = SweepProcess.Run(folder["home"], "run", folder["own.yaml"], "--slots", "2");
        Assert.True(exit == 0, errors);
        Assert.Contains("confirmed", output, StringComparison.Ordinal);
    }

    private static string Branin(TemporaryFolder folder, string method, string range, string more, string name = "branin")
    {
        File.WriteAllText(folder[$"{name}.yaml"], $$"""
            method: {{method}}
            epochs: 1
            trainable: function
            function: branin
            metric: {name: value, goal: minimize}
            parameters:
              x1: {{range}}
              x2: {{range}}
            {{more.Replace("\\n", "\n", StringComparison.Ordinal)}}
            """);
        return folder[$"{name}.yaml"];
    }
}
