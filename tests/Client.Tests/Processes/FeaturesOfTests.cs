using System.Text.Json.Nodes;
using Sweeps.Core;
using Tests.Shared;

namespace Client.Tests.Processes;

/// <summary>Dense networks on the features of convolutional runs of the same sweep: <c>features_of</c>.</summary>
public sealed class FeaturesOfTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public FeaturesOfTests()
    {
        // Noise that is brighter in the upper or in the lower half: both stages learn it in a few epochs, but not without mistakes.
        var random = new Random(3);
        foreach (var (name, rows) in new[] { ("train.csv", 400), ("test.csv", 100) })
            File.WriteAllLines(folder[name], [string.Join(',', Enumerable.Range(0, 64).Select(i => $"p{i}")) + ",label", .. Enumerable.Range(0, rows).Select(i =>
                string.Join(',', Enumerable.Range(0, 64).Select(p => random.Next(80) + (p < 32 == (i % 2 == 0) ? 25 : 0))) + $",{(i % 2 == 0 ? "up" : "down")}")]);
        File.WriteAllText(folder["sweep.yaml"], """
            name: stages
            dataset: {csv: train.csv, test: test.csv, label: label, shape: [8, 8, 1]}
            method: random
            run_cap: 4
            epochs: 6
            metric: {name: val_accuracy, goal: maximize}
            checkpoint: {epochs: 1}
            parameters:
              features_of: {values: [none, 0, 1]}
              hidden_size: {value: 16}
              validation_share: {value: 0.2}
              epochs: {when: {features_of: none}, value: 2}
              cnn:
                when: {features_of: none}
                parameters:
                  conv_layers: {value: 1}
                  filters: {values: [4, 8]}
                  learning_rate: {value: 0.01}
              dense:
                when: {features_of: [0, 1]}
                parameters:
                  optimizer: {value: sgd}
                  learning_rate: {value: 0.05}
                  patience: {value: 3}
            enqueue:
              - {features_of: none, cnn: {filters: 4}}
              - {features_of: none, cnn: {filters: 8}}
              - {features_of: 0}
              - {features_of: 1}
            """);
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Both_stages_are_in_one_file_tested_exported_and_the_same_after_kills()
    {
        var (calm, rough) = (folder["calm"], folder["rough"]);
        var check = Run(calm, "check", folder["sweep.yaml"]);
        Assert.True(check.ExitCode == 0 && !check.Output.Contains("warning", StringComparison.Ordinal), check.Output + check.Errors);
        var (exit, _, errors) = Run(calm, "run", folder["sweep.yaml"], "--slots", "1");
        Assert.True(exit == 0, errors);

        var tests = JsonNode.Parse(Run(calm, "test", "--top", "4", "--slots", "1", "--output", "json").Output)!.AsArray();
        Assert.Equal([0, 1, 2, 3], tests.Select(run => (int)run!["run"]!).Order());
        Assert.All(tests, run => Assert.InRange((double)run!["test_accuracy"]!, 0.7, 1));

        // The exported model of the second stage takes images, because it contains the convolutions of the first stage.
        Assert.Equal(0, Run(calm, "export", "--run", "2", "--weights", folder["model.npz"]).ExitCode);
        var predicted = Run(calm, "predict", folder["model.npz"], folder["test.csv"], "--labels", "--output", "json");
        Assert.True(predicted.ExitCode == 0, predicted.Errors);
        Assert.Equal(
            (double)tests.Single(run => (int)run!["run"]! == 2)!["test_accuracy"]!, (double)JsonNode.Parse(predicted.Output)!["accuracy"]!, 9);

        foreach (var wanted in (Func<SweepEvent, bool>[])[logged => logged is EpochRecorded { Run: 0 }, logged => logged is EpochRecorded { Run: 2, Epoch: 2 }])
        {
            using var process = TinySweep.Only(rough) is { } sweep
                ? SweepProcess.Start(rough, "resume", sweep, "--slots", "1")
                : SweepProcess.Start(rough, "run", folder["sweep.yaml"], "--slots", "1");
            process.WaitUntil(() => TinySweep.LogLength(rough) > 0 && TinySweep.LogAsync(rough).Result.Exists(logged => wanted(logged.Event)));
            process.Kill();
        }
        Assert.Equal(0, Run(rough, "resume", TinySweep.Only(rough)!, "--slots", "1").ExitCode);
        Assert.Equal(0, Run(rough, "test", "--top", "4", "--slots", "1").ExitCode);
        Assert.Equal(TinySweep.Decisions(await TinySweep.LogAsync(calm)), TinySweep.Decisions(await TinySweep.LogAsync(rough)));
    }

    [Theory]
    [InlineData("  - {features_of: 0}\n  - {features_of: none, cnn: {filters: 4}}", "run 0 takes the features of run 0")]
    [InlineData("  - {features_of: none, cnn: {filters: 4}}\n  - {features_of: 1}", "Expected the number of a run before it, 0 to 0")]
    [InlineData("early_terminate: {type: asha}", "cannot be used with the rule asha")]
    public void A_source_that_cannot_be_is_refused_before_anything_starts(string changed, string message)
    {
        var text = File.ReadAllText(folder["sweep.yaml"]);
        File.WriteAllText(folder["sweep.yaml"], changed.StartsWith(' ')
            ? text[..(text.IndexOf("enqueue:", StringComparison.Ordinal) + "enqueue:\n".Length)] + changed
            : text + "\n" + changed);

        var (exit, _, errors) = Run(folder["home"], "check", folder["sweep.yaml"]);

        Assert.Equal(2, exit);
        Assert.Contains("sweep.yaml:9:", errors, StringComparison.Ordinal);
        Assert.Contains(message, errors, StringComparison.Ordinal);
    }

    private static (int ExitCode, string Output, string Errors) Run(string home, params string[] args) => SweepProcess.Run(home, args);
}
