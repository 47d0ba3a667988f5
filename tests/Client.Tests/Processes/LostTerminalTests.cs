using System.Text.Json;
using Tests.Shared;

namespace Client.Tests.Processes;

public class LostTerminalTests
{
    private const string Sweep = """
        method: grid
        epochs: 3
        function: {name: branin}
        metric: {name: value, goal: minimize}
        parameters: {x1: {values: [0.0, 1.0]}, x2: {value: 2.0}}
        """;

    [UnixFact]
    public void A_sweep_goes_on_to_its_end_when_its_output_cannot_be_written()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["sweep.yaml"], Sweep);

        foreach (var redirection in (string[])[">&-", ">/dev/full", "2>&-", ">/dev/full 2>&1"])
        {
            var (exit, _, errors) = SweepProcess.RunRedirected(redirection, folder["home"], "run", folder["sweep.yaml"]);

            Assert.Equal(redirection == "2>&-" ? 0 : 1, exit);
            Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
            if (redirection.Length < 12 && exit == 1)
                Assert.StartsWith("sweep: Standard output could not be written: ", errors, StringComparison.Ordinal);
        }

        var sweeps = JsonDocument.Parse(SweepProcess.Run(folder["home"], "list", "--output", "json").Output).RootElement.EnumerateArray().ToList();
        Assert.Equal(4, sweeps.Count);
        Assert.All(sweeps, sweep => Assert.Equal("finished", sweep.GetProperty("state").GetString()));
    }

    [UnixFact]
    public void Control_characters_of_a_metric_never_reach_the_terminal()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["sweep.yaml"], """
            method: grid
            epochs: 1
            command: [sh, -c, 'echo nothing']
            metric: {name: "\u001b[31mred", goal: minimize}
            parameters: {x: {value: 1}}
            """);

        foreach (var command in (string[])["run FILE --slots=1", "best", "show", "show --run 0", "why 0", "top --sort run"])
        {
            var (_, output, errors) = SweepProcess.Run(folder["home"], [.. command.Split(' ').Select(word => word == "FILE" ? folder["sweep.yaml"] : word)]);

            Assert.False((output + errors).Contains('\u001b', StringComparison.Ordinal), $"{command}: {output}{errors}");
        }
        Assert.Contains("\\u001b[31mred", SweepProcess.Run(folder["home"], "best").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Control_characters_of_a_file_never_reach_the_terminal()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["sweep.yaml"], """
            name: "red \u001b[31m alert"
            method: grid
            epochs: 1
            function: {name: branin}
            metric: {name: value, goal: minimize}
            parameters: {x1: {value: 1}, x2: {value: 2}, note: {values: ["\u001b[31mred", "two\nlines"]}}
            # A raw escape: RAW[31m
            """.Replace("RAW", "\u001b", StringComparison.Ordinal));
        var home = folder["home"];

        foreach (var command in (string[])["check FILE", "run FILE", "list", "show", "show --run 0", "best", "why 0", "top", "show --file", "compare 0 1", "curves", "tail", "top -c note", "note \u001b[2J --run 1", "tail", "show --run 1", "pause --why \u001b[2J", "run \u001b[2J.yaml"])
        {
            var (_, output, errors) = SweepProcess.Run(home, [.. command.Split(' ').Select(word => word == "FILE" ? folder["sweep.yaml"] : word)]);

            Assert.False((output + errors).Contains('\u001b', StringComparison.Ordinal), $"{command}: {output}{errors}");
        }
        Assert.Contains("\\u001b[31mred", SweepProcess.Run(home, "show", "--run", "0").Output, StringComparison.Ordinal);
    }
}
