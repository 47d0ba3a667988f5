using Tests.Shared;

namespace Client.Tests.Processes;

public class SteeringTests
{
    // One epoch takes longer than a test waits: the sweep is at work until it is cancelled.
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
    public void A_live_sweep_that_is_cancelled_answers_before_its_process_ends()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["slow.yaml"], Slow);
        // The moments differ: as soon as the folder is there, when nobody listens yet, and later.
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
