using Tests.Shared;

namespace Client.Tests.Processes;

public class SteeringTests
{
    // One epoch takes longer than the test: the sweep runs until it is cancelled.
    private const string Slow = """
        name: slow
        method: random
        run_cap: 20
        epochs: 9
        trainable: function
        function: {name: branin, pace: 60s}
        metric: {name: value, goal: minimize}
        parameters: {x1: {min: -5.0, max: 10.0}, x2: {min: 0.0, max: 15.0}}
        """;

    [Fact]
    public void A_killed_sweep_says_since_when_it_is_interrupted_and_is_stopped_on_the_spot()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["slow.yaml"], Slow);
        var home = folder["home"];
        using (var sweep = SweepProcess.Start(home, "run", folder["slow.yaml"], "--slots", "2"))
        {
            Assert.True(sweep.WaitUntil(() => TinySweep.LogLength(home) > 1000), sweep.Errors);
            Assert.Equal(0, SweepProcess.Run(home, "pause", "--why", "lunch").ExitCode);
            Assert.True(sweep.WaitUntil(() => sweep.Output.Contains(": lunch; go on with: ./sweep resume slow-", StringComparison.Ordinal)), sweep.Errors);
            Assert.Contains("paused since ", SweepProcess.Run(home, "show").Output, StringComparison.Ordinal);
            Assert.Equal(0, SweepProcess.Run(home, "resume").ExitCode);
            // After stop the sweep is stopping, because the two runs finish their epochs, which take a minute.
            Assert.Contains("Stopping", SweepProcess.Run(home, "stop").Output, StringComparison.Ordinal);
            sweep.Kill();
        }

        var shown = SweepProcess.Run(home, "show").Output;
        Assert.Contains("interrupted since ", shown, StringComparison.Ordinal);
        Assert.Contains("go on with: ./sweep resume slow-", shown, StringComparison.Ordinal);
        Assert.Contains("2 queued", shown, StringComparison.Ordinal);
        using (var watch = SweepProcess.Start(home, "watch"))
        {
            Assert.True(watch.WaitUntil(() => watch.Output.Contains("interrupted since ", StringComparison.Ordinal)), watch.Errors);
            Assert.Contains("Stopped.", SweepProcess.Run(home, "stop").Output, StringComparison.Ordinal);
            Assert.Equal(0, watch.WaitForExit());
        }
        Assert.Contains("\"state\":\"stopped\"", SweepProcess.Run(home, "show", "--output", "json").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_live_sweep_that_is_cancelled_answers_before_its_process_ends()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["slow.yaml"], Slow);
        // Cancel at different moments: as soon as the folder exists, before the process listens, and later.
        for (var round = 0; round < 8; round++)
        {
            var home = folder[$"home{round}"];
            using var sweep = SweepProcess.Start(home, "run", folder["slow.yaml"], "--slots", "2");
            Assert.True(sweep.WaitUntil(() => TinySweep.LogLength(home) > 0 && (round % 2 == 0 || sweep.Output.Length > 0)), sweep.Errors);

            var (exit, output, errors) = SweepProcess.Run(home, "cancel");

            Assert.True(exit == 0, errors);
            Assert.Contains("Cancelled.", output, StringComparison.Ordinal);
            Assert.Equal(0, sweep.WaitForExit());
        }
    }
}
