using System.Text.Json;

namespace Client.Tests.Processes;

public class InterruptedTests
{
    [Fact]
    public void A_killed_sweep_is_interrupted_until_a_process_works_on_it_and_a_paused_one_is_paused()
    {
        using var tiny = new TinySweep();
        var home = tiny.Home("interrupted");
        File.WriteAllText(tiny.File, File.ReadAllText(tiny.File).Replace("run_cap: 40", "run_cap: 100000", StringComparison.Ordinal));
        using (var run = SweepProcess.Start(home, "run", tiny.File, "--slots", "1"))
        {
            Assert.True(run.WaitUntil(() => TinySweep.LogLength(home) > 3000), run.Errors);
            Assert.Equal("running", State(home, "list"));
            run.Kill();
        }
        Assert.Equal("interrupted", State(home, "list"));
        Assert.Equal("interrupted", State(home, "show"));

        var sweep = TinySweep.Only(home)!;
        var killedAt = TinySweep.LogLength(home);
        using var resumed = SweepProcess.Start(home, "resume", sweep, "--slots", "1");
        Assert.True(resumed.WaitUntil(() => TinySweep.LogLength(home) > killedAt), resumed.Errors);
        Assert.Equal("running", State(home, "show"));
        resumed.Kill();

        Assert.Equal(0, SweepProcess.Run(home, "pause", sweep, "--why", "lunch").ExitCode);
        Assert.Equal("paused", State(home, "list"));
    }

    private static string? State(string home, string command)
    {
        var (exit, output, errors) = SweepProcess.Run(home, command, "--output", "json");
        Assert.True(exit == 0, errors);
        var json = JsonDocument.Parse(output).RootElement;
        return (json.ValueKind == JsonValueKind.Array ? json[0] : json).GetProperty("state").GetString();
    }
}
