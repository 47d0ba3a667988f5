using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Sweeps.Core;
using Tests.Shared;

namespace Client.Tests.Processes;

/// <summary>A run whose best epoch is in the middle of its training: numbers, test metrics and weights must all be of that epoch.</summary>
public sealed class BestWeightsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly string[] truth;

    public BestWeightsTests()
    {
        WriteTable("train.csv", 7, 120);
        truth = WriteTable("test.csv", 8, 80);
        File.WriteAllLines(folder["x.csv"], File.ReadLines(folder["test.csv"]).Select(line => line[..line.LastIndexOf(',')]));
        File.WriteAllText(folder["sweep.yaml"], $$"""
            name: middle
            dataset: 'csv:{{folder["train.csv"]}},{{folder["test.csv"]}}#label'
            method: random
            seed: 1
            run_cap: 1
            epochs: 8
            metric: {name: val_accuracy, goal: maximize}
            parameters:
              hidden_size: {value: 16}
              optimizer: {value: nadam}
              dropout: {value: 0.2}
              schedule: {value: cosine}
              learning_rate: {value: 0.1}
              batch_size: {value: 4}
              validation_share: {value: 0.4}
            """);
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Metrics_test_part_and_weights_are_of_the_best_epoch_also_after_an_extension()
    {
        var home = folder["home"];
        var best = Best(home, "run", folder["sweep.yaml"], "--slots", "1");
        var id = TinySweep.Only(home)!;
        Assert.InRange(best.Epoch, 1, 7);
        var exported = SweepProcess.Run(home, "export", id, "--weights", folder["model.npz"]);
        Assert.Contains($"run 0 after epoch {best.Epoch}, its best,", exported.Output + exported.Errors, StringComparison.Ordinal);

        Assert.Equal(best.Test, Accuracy(home));
        var metadata = Metadata();
        Assert.Equal(["a", "b"], metadata.GetProperty("columns").EnumerateArray().Select(column => column.GetString()));
        Assert.False(metadata.TryGetProperty("options", out _));
        var origin = metadata.GetProperty("origin");
        Assert.Equal((id, 0, best.Epoch), (origin.GetProperty("sweep").GetString(), origin.GetProperty("run").GetInt32(), origin.GetProperty("epoch").GetInt32()));
        Assert.Equal(("val_accuracy", "maximize", best.Value),
            (origin.GetProperty("metric").GetString(), origin.GetProperty("goal").GetString(), origin.GetProperty("value").GetDouble()));
        var configuration = origin.GetProperty("configuration");
        Assert.Equal(("nadam", 0.2), (configuration.GetProperty("optimizer").GetString(), configuration.GetProperty("dropout").GetDouble()));
        Assert.Contains($"at epoch {best.Epoch}, its best", SweepProcess.Run(home, "show", id, "--run", "0").Output, StringComparison.Ordinal);

        Assert.Equal(0, SweepProcess.Run(home, "extend", id, "--epochs", "30").ExitCode);
        var later = Best(home, "resume", id, "--slots", "1");
        Assert.InRange(later.Epoch, best.Epoch + 1, 29);
        Assert.Equal(0, SweepProcess.Run(home, "export", id, "--weights", folder["model.npz"]).ExitCode);
        Assert.Equal(later.Test, Accuracy(home));
        var log = await TinySweep.LogAsync(home);
        Assert.Equal([best.Epoch, later.Epoch], log.Select(logged => logged.Event).OfType<TestEvaluated>().Select(test => test.Epoch));
        Assert.DoesNotContain(log, logged => logged.Event is EpochsWasted);
    }

    [Fact]
    public void A_run_whose_checkpoint_is_of_other_data_starts_again_and_why_says_so()
    {
        var home = folder["home"];
        Best(home, "run", folder["sweep.yaml"], "--slots", "1");
        var id = TinySweep.Only(home)!;
        File.AppendAllText(folder["train.csv"], "0.5,0.5,1\n0.25,0.5,1\n");

        Assert.Equal(0, SweepProcess.Run(home, "extend", id, "--epochs", "9").ExitCode);
        Assert.Equal(0, SweepProcess.Run(home, "resume", id, "--slots", "1").ExitCode);

        var why = SweepProcess.Run(home, "why", "0", id).Output.ReplaceLineEndings(" ");
        Assert.Contains("Started again, and trained 8 epochs a second time", why, StringComparison.Ordinal);
        Assert.Contains("training examples", why, StringComparison.Ordinal);
    }

    private static (int Epoch, double Value, double Test) Best(string home, params string[] command)
    {
        var run = SweepProcess.Run(home, ["-o", "json", .. command]);
        Assert.True(run.ExitCode == 0, run.Errors);
        var best = JsonDocument.Parse(run.Output).RootElement.GetProperty("best");
        var metrics = best.GetProperty("metrics");
        return (best.GetProperty("epoch").GetInt32(), metrics.GetProperty("val_accuracy").GetDouble(), metrics.GetProperty("test_accuracy").GetDouble());
    }

    private double Accuracy(string home)
    {
        var predicted = SweepProcess.Run(home, "predict", folder["model.npz"], folder["x.csv"]).Output
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Trim().Split('\t')[1]);
        return (double)predicted.Zip(truth).Count(pair => pair.First == pair.Second) / truth.Length;
    }

    private JsonElement Metadata()
    {
        using var archive = ZipFile.OpenRead(folder["model.npz"]);
        using var entry = archive.GetEntry("metadata.json")!.Open();
        return JsonDocument.Parse(entry).RootElement.Clone();
    }

    private string[] WriteTable(string name, int seed, int rows)
    {
        var random = new Random(seed);
        var table = new StringBuilder("a,b,label\n");
        var labels = new string[rows];
        for (var i = 0; i < rows; i++)
        {
            var (a, b) = (random.NextDouble() * 4 - 2, random.NextDouble() * 4 - 2);
            labels[i] = (a * a + b * b < 2 ? 0 : a > b ? 1 : 2).ToString(CultureInfo.InvariantCulture);
            table.Append(CultureInfo.InvariantCulture, $"{a:0.000},{b:0.000},{labels[i]}\n");
        }
        File.WriteAllText(folder[name], table.ToString());
        return labels;
    }
}
