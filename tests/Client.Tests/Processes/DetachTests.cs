using System.Text.Json;
using Tests.Shared;

namespace Client.Tests.Processes;

public class DetachTests
{
    /// <summary>A sweep whose epochs take a minute, so that it runs until a test ends it.</summary>
    private const string SlowSweep = """
        name: slow
        method: random
        run_cap: 20
        epochs: 9
        trainable: function
        function: {name: branin, pace: 60s}
        metric: {name: value, goal: minimize}
        parameters: {x1: {min: -5.0, max: 10.0}, x2: {min: 0.0, max: 15.0}, group: {parameters: {a: {min: 0.0, max: 1.0}}}}
        """;

    [Fact]
    public void A_changed_file_runs_in_a_process_of_its_own_until_it_is_stopped()
    {
        using var folder = new TemporaryFolder();
        var home = folder["home"];
        File.WriteAllText(folder["slow.yaml"], SlowSweep);

        // Mistakes are reported before the command detaches, and no sweep is left behind.
        var wrong = SweepProcess.Run(home, "run", folder["slow.yaml"], "--set", "zzz=1", "--detach");
        Assert.Equal(2, wrong.ExitCode);
        Assert.Contains("'zzz'", wrong.Errors, StringComparison.Ordinal);
        Assert.Contains("NAME=VALUE", SweepProcess.Run(home, "run", folder["slow.yaml"], "--set", "x1").Errors, StringComparison.Ordinal);
        Assert.Null(TinySweep.Only(home));

        var (exit, output, errors) = SweepProcess.Run(
            home, "run", folder["slow.yaml"], "--set", "x1=3", "group.a={min: 0.5, max: 0.6}", "run_cap=7", "--name", "it's mine", "--seed", "5", "--tag", "first", "--slots", "2", "--detach", "-o", "json");
        Assert.True(exit == 0, errors);
        var id = JsonDocument.Parse(output).RootElement.GetProperty("sweep").GetString()!;
        Assert.StartsWith("it-s-mine-", id, StringComparison.Ordinal);
        var file = SweepProcess.Run(home, "show", id, "--file").Output;
        foreach (var part in (string[])["x1: {value: 3}", "a: {min: 0.5, max: 0.6}", "run_cap: 7", "seed: 5", "name: 'it''s mine'"])
            Assert.Contains(part, file, StringComparison.Ordinal);
        Assert.Contains(id, SweepProcess.Run(home, "list", "--tag", "first").Output, StringComparison.Ordinal);

        // Another process watches and stops the sweep; the detached process then ends.
        using var watch = SweepProcess.Start(home, "watch", id);
        Assert.True(watch.WaitUntil(() => watch.Output.Length > 0 || SweepProcess.Run(home, "show", id, "-o", "json").Output.Contains("\"running\"", StringComparison.Ordinal)), watch.Errors);
        Assert.Equal(0, SweepProcess.Run(home, "cancel", id).ExitCode);
        Assert.Equal(0, watch.WaitForExit());
        Assert.Contains("\"cancelled\"", SweepProcess.Run(home, "show", id, "-o", "json").Output, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(home, id, "output.log")));
    }

    [Fact]
    public void A_resumed_sweep_serves_its_metrics_from_the_detached_process_and_refuses_a_confirmation()
    {
        using var folder = new TemporaryFolder();
        var home = folder["home"];
        File.WriteAllText(folder["slow.yaml"], SlowSweep);
        using (var killed = SweepProcess.Start(home, "run", folder["slow.yaml"], "--slots", "1"))
        {
            Assert.True(killed.WaitUntil(() => TinySweep.Only(home) is not null && TinySweep.LogLength(home) > 0), killed.Errors);
            killed.Kill();
        }
        var id = TinySweep.Only(home)!;

        var (exit, _, errors) = SweepProcess.Run(home, "resume", id, "--slots", "1", "--metrics", $"{PostgresServer.FreePort()}", "--detach");

        Assert.True(exit == 0, errors);
        // The sweep runs: it needs no resume, but it does not carry out a confirmation.
        Assert.Equal(0, SweepProcess.Run(home, "resume", id).ExitCode);
        var refused = SweepProcess.Run(home, "confirm", id);
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains(id, refused.Errors, StringComparison.Ordinal);
        Assert.Equal(0, SweepProcess.Run(home, "cancel", id).ExitCode);
    }
}
