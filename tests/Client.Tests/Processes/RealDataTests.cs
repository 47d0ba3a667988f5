using System.Runtime.CompilerServices;
using System.Text.Json;
using Tests.Shared;

namespace Client.Tests.Processes;

/// <summary>From a sweep file to a trained network on the published data. The full sweeps of experiments/ are run by hand.</summary>
public class RealDataTests
{
    [DataTheory]
    [InlineData("fashion-mnist", 0.84)]
    [InlineData("mnist", 0.95)]
    public void Three_networks_learn_in_two_epochs(string dataset, double accuracy)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["sweep.yaml"], $$"""
            dataset: {{dataset}}
            method: random
            run_cap: 3
            epochs: 2
            metric: {name: val_accuracy, goal: maximize}
            parameters:
              hidden_size: {values: [64, 128]}
              learning_rate: {distribution: log_uniform_values, min: 0.001, max: 0.003}
              optimizer: {value: adam}
            early_terminate: {type: asha, eta: 2}
            """);

        var (exit, output, errors) = SweepProcess.Run(folder["home"], "run", folder["sweep.yaml"], "--data", RealData.Folder, "--output", "json");

        Assert.True(exit == 0, errors);
        using var json = JsonDocument.Parse(output.TrimEnd().Split('\n')[^1]);
        var metrics = json.RootElement.GetProperty("best").GetProperty("metrics");
        Assert.InRange(metrics.GetProperty("val_accuracy").GetDouble(), accuracy, 1);
        Assert.InRange(metrics.GetProperty("test_accuracy").GetDouble(), accuracy - 0.02, 1);
    }

    /// <summary>With one slot the reports reach the search in one order, so that it proposes the same runs on every machine.</summary>
    [DataTheory]
    [InlineData("A/asha-quick", 0.8)]
    [InlineData("B/bayes-quick", 0.8)]
    [InlineData("C/curves-quick", 0.9)]
    [InlineData("D/bayes-quick", 0.8)]
    [InlineData("E/convolutions-quick", 0.65)]
    public void The_shortened_sweep_of_a_report_runs_as_it_stands(string file, double accuracy)
    {
        using var folder = new TemporaryFolder();

        var (exit, output, errors) = SweepProcess.Run(
            folder["home"], "run", Path.Combine(Folder(), file + ".yaml"), "--data", RealData.Folder, "--slots", "1", "--output", "json");

        Assert.True(exit == 0, errors);
        using var json = JsonDocument.Parse(output.TrimEnd().Split('\n')[^1]);
        Assert.InRange(json.RootElement.GetProperty("best").GetProperty("metrics").GetProperty("val_accuracy").GetDouble(), accuracy, 1);
    }

    private static string Folder([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../../experiments/reports"));
}
