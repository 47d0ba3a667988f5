using Core.Tests.Support;
using Runtime.Tests.Support;
using Sweeps.Coordination;
using Sweeps.Core;

namespace Runtime.Tests.Coordination;

/// <summary>The metric of waiting runs, which an alert and an autoscaler use.</summary>
public sealed class WaitingRunsTests
{
    [Fact]
    public async Task Runs_that_are_not_drawn_yet_wait_too() => Assert.Equal(8, await WaitingAsync(Bench.Asha));

    [Fact]
    public async Task No_more_runs_wait_than_the_sweep_may_have_slots() => Assert.Equal(2, await WaitingAsync(Bench.Asha + "\nmax_slots: 3\n"));

    [Fact]
    public async Task Nothing_waits_while_a_sweep_is_paused() => Assert.Equal(0, await WaitingAsync(Bench.Asha, new SteerAction.Pause()));

    [Fact]
    public void During_a_confirmation_the_runs_that_the_search_had_left_do_not_wait()
    {
        var bench = new MachineBench(MachineBench.Spec() with { RunCap = 9, Budget = new Budget(Epochs: 18) });
        for (var run = 0; run < 2; run++)
            for (var (work, epoch) = (bench.One(), 1); epoch <= 9; epoch++)
                bench.Report(work, epoch, 0.5);
        bench.Steer(new SteerAction.Confirm(2, 3));
        bench.One();

        Assert.Equal((2, SweepStatus.Running), (bench.State.SearchedRuns.Count, bench.State.Status));
        Assert.Equal(0, CoordinatorGauges.Waiting(bench.State));
    }

    /// <summary>The value of the gauge for a sweep of nine runs, of which one has a slot.</summary>
    private static async Task<double> WaitingAsync(string spec, params SteerAction[] actions)
    {
        using var bench = new Bench(new MemoryStore(), spec);
        await bench.CreateAsync();
        await using (var first = await SweepCoordinator.OpenAsync("test", bench.Context, CancellationToken.None))
            Assert.Single((await first.SendAsync(new RequestWork("node", 1, []), CancellationToken.None)).Assignments);
        await bench.SteerAsync(actions);

        var state = bench.Context.Machines.Empty();
        await foreach (var logged in bench.Context.Log.ReadAsync("test", 0, CancellationToken.None))
            state.Apply(logged);
        return CoordinatorGauges.Waiting(state.State);
    }
}
