using Sweeps.Core;

namespace Client.Tests.Processes;

public sealed class ExtendTests : IDisposable
{
    private readonly TinySweep sweep = new();

    public void Dispose() => sweep.Dispose();

    [Fact]
    public async Task A_finished_sweep_is_extended_and_goes_on_with_the_command_that_it_names()
    {
        var home = sweep.Home("home");
        var text = File.ReadAllText(sweep.File);
        File.WriteAllText(sweep.File, text.Replace("run_cap: 40\n", "run_cap: 40  # enough for now\n", StringComparison.Ordinal) + "# the end\n");
        Assert.Equal(0, SweepProcess.Run(home, "run", sweep.File, "--slots", "1").ExitCode);
        var id = TinySweep.Only(home)!;

        var extended = SweepProcess.Run(home, "extend", id, "--run-cap", "44");
        Assert.Equal(0, extended.ExitCode);
        var kept = File.ReadAllText(Path.Combine(home, id, "sweep.yaml"));
        Assert.Contains("run_cap: 44  # enough for now\n", kept, StringComparison.Ordinal);
        Assert.Contains("# the end\n", kept, StringComparison.Ordinal);
        Assert.Contains($"./sweep resume {id}", extended.Output, StringComparison.Ordinal);
        Assert.Equal(0, SweepProcess.Run(home, "resume", id, "--slots", "1").ExitCode);

        var log = await TinySweep.LogAsync(home);
        Assert.Equal(44, log.Count(logged => logged.Event is RunCreated));
        Assert.Equal(2, log.Count(logged => logged.Event is SweepEnded));
    }
}
