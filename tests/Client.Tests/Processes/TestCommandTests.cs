using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Sweeps.Core;
using Tests.Shared;

namespace Client.Tests.Processes;

/// <summary><c>sweep test</c>: the metrics of runs on the test part.</summary>
public sealed class TestCommandTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Runs_of_an_ended_sweep_are_evaluated_once_with_the_weights_of_their_best_epochs()
    {
        foreach (var (name, rows) in new[] { ("train.csv", 60), ("test.csv", 40) })
            File.WriteAllLines(folder[name], ["x,y,label", .. Enumerable.Range(0, rows).Select(i => $"{i % 7},{i % 5},{(i % 7 > i % 5 ? "a" : "b")}")]);
        File.WriteAllText(folder["sweep.yaml"], """
            name: tested
            dataset: {csv: train.csv, test: test.csv}
            method: grid
            epochs: 4
            metric: {name: val_macro_f1, goal: maximize}
            parameters:
              hidden_size: {values: [2, 4, 6, 8]}
              batch_size: {value: 8}
              learning_rate: {value: 0.02}
            """);
        var home = folder["home"];
        Assert.Equal(0, Run("run", folder["sweep.yaml"], "--slots", "1").ExitCode);
        var best = (await TinySweep.LogAsync(home)).Select(logged => logged.Event).OfType<TestEvaluated>().Single();

        using (var taken = new TcpListener(IPAddress.Loopback, 0))
        {
            taken.Start();
            var refused = Run("test", "--top", "4", "--metrics", $"{((IPEndPoint)taken.LocalEndpoint).Port}");
            Assert.Equal(2, refused.ExitCode);
            Assert.Contains("for --metrics cannot be opened", refused.Errors, StringComparison.Ordinal);
        }

        var all = JsonNode.Parse(Run("test", "--top", "4", "--slots", "2", "--output", "json").Output)!.AsArray();

        Assert.Equal([0, 1, 2, 3], all.Select(run => (int)run!["run"]!).Order());
        Assert.All(all, run => Assert.InRange((double)run!["test_macro_f1"]!, 0, 1));
        Assert.Equal(best.Metrics["test_accuracy"], (double)all.Single(run => (int)run!["run"]! == best.Run)!["test_accuracy"]!);
        var tested = (await TinySweep.LogAsync(home)).Select(logged => logged.Event).OfType<TestEvaluated>().ToList();
        Assert.Equal([0, 1, 2, 3], tested.Select(one => one.Run).Order());

        Assert.StartsWith("run 2, epoch ", Run("test", "--run", "2").Output, StringComparison.Ordinal);
        Assert.Equal(4, (await TinySweep.LogAsync(home)).Count(logged => logged.Event is TestEvaluated));
        Assert.Contains("test_macro_f1", Run("top").Output, StringComparison.Ordinal);
        Assert.Contains("test part", Run("why", "2").Output, StringComparison.Ordinal);
        Assert.Contains("no run 9", Run("test", "--run", "9").Errors, StringComparison.Ordinal);
        Assert.Contains("not both", Run("test", "--run", "1", "--top", "2").Errors, StringComparison.Ordinal);

        (int ExitCode, string Output, string Errors) Run(params string[] args) => SweepProcess.Run(home, args);
    }
}
