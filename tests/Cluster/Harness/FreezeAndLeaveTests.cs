using Sweeps.Core;
using Tests.Shared;

namespace Cluster.Harness;

/// <summary>Silos freeze, leave, come: runs move, epochs stay.</summary>
public abstract class FreezeAndLeaveTests : IDisposable
{
    private const string Metric = "val_loss";

    private readonly Samples samples = new();
    private readonly ClusterEngine engine;

    private protected FreezeAndLeaveTests(ClusterEngine engine) => this.engine = engine;

    public void Dispose()
    {
        samples.Dispose();
        GC.SuppressFinalize(this);
    }

    [PostgresFact]
    public async Task A_frozen_silo_that_wakes_up_finds_its_runs_taken_and_its_reports_are_refused()
    {
        await using var cluster = await ClusterHarness.StartAsync(engine, silos: 2);
        var sweep = await cluster.SubmitAsync(samples.Halving(runs: 9, first: 30, last: 90, width: 192));
        await cluster.RecordedAsync(sweep, 1);
        var coordinator = await cluster.CoordinatorSiloAsync(sweep);
        var frozen = cluster.Silos.Single(silo => silo != coordinator);
        var running = await cluster.UntilAsync(sweep, "the other silo is in the middle of a run", events => MiddleOf(events, frozen) is not null);
        frozen.Signal("STOP");
        var held = MiddleOf(running, frozen)!;
        await cluster.UntilAsync(sweep, "the frozen silo's run is assigned to the other", events => events.Facts<RunAssigned>()
            .Any(assigned => assigned.Run == held.Run && assigned.Generation > held.Generation && !frozen.Is(assigned.Node)));
        frozen.Signal("CONT");
        var events = await cluster.EndedAsync(sweep);

        SweepLog.AssertNothingIsLostOrDoubled(events);
        Assert.Contains(events.Facts<RunLost>(), lost => lost.Run == held.Run && lost.Generation == held.Generation);
        SweepLog.AssertNobodyReportsAfterLosing(events);
    }

    [PostgresFact]
    public async Task A_silo_frozen_for_half_a_minute_is_not_believed_when_it_wakes_and_works_again_or_ends()
    {
        await using var cluster = await ClusterHarness.StartAsync(engine, silos: 2);
        var sweep = await cluster.SubmitAsync(samples.Endless(runs: 3));
        await cluster.RecordedAsync(sweep, 1);
        var frozen = await cluster.CoordinatorSiloAsync(sweep);
        var running = await cluster.UntilAsync(sweep, "both silos train", events => cluster.Silos.All(silo => MiddleOf(events, silo) is not null));
        frozen.Signal("STOP");
        var stopped = DateTimeOffset.UtcNow;
        var held = MiddleOf(running, frozen)!;

        var without = await cluster.UntilAsync(
            sweep, "the other silo has trained for half a minute", events => events[^1].At - stopped > TimeSpan.FromSeconds(30));
        frozen.Signal("CONT");
        var events = await cluster.UntilAsync(sweep, "the woken silo is given work or has ended", events =>
            !frozen.Running || events.Skip(without.Count).Select(logged => logged.Event).OfType<RunAssigned>().Any(assigned => frozen.Is(assigned.Node)));

        SweepLog.AssertNothingIsLostOrDoubled(events);
        Assert.Contains(without.Facts<RunLost>(), lost => lost.Run == held.Run && lost.Generation == held.Generation);
        SweepLog.AssertNobodyReportsAfterLosing(events);
    }

    [PostgresFact]
    public async Task A_silo_told_to_leave_hands_its_run_over_without_losing_an_epoch()
    {
        await using var cluster = await ClusterHarness.StartAsync(engine, silos: 2);
        var sweep = await cluster.SubmitAsync(samples.Halving(runs: 9, first: 10, last: 90, width: 256));
        var running = await cluster.UntilAsync(sweep, "both silos train", events => events.Epochs().Select(epoch => epoch.Run).Distinct().Count() > 1);
        var leaving = await cluster.CoordinatorSiloAsync(sweep);

        leaving.Signal("TERM");
        await leaving.EndedAsync();
        var alone = await cluster.EventsAsync(sweep);
        await leaving.StartAsync();
        await leaving.ReadyAsync();
        var events = await cluster.EndedAsync(sweep);

        Assert.Empty(running.Facts<RunLost>());
        SweepLog.AssertNothingIsLostOrDoubled(events);
        Assert.NotEmpty(alone.Facts<RunReleased>());
        Assert.Empty(events.Facts<RunLost>());
        Assert.Empty(events.Facts<EpochsWasted>());
        Assert.Contains(events.Skip(alone.Count).Select(logged => logged.Event).OfType<RunAssigned>(), assigned => leaving.Is(assigned.Node));
    }

    [PostgresFact]
    public async Task A_sweep_goes_on_with_one_silo_and_uses_those_that_come()
    {
        await using var cluster = await ClusterHarness.StartAsync(engine, silos: 1);
        var spec = samples.Halving(runs: 9, first: 10, last: 90, width: 256);
        var sweep = await cluster.SubmitAsync(spec);
        await cluster.RecordedAsync(sweep, 5);

        var come = await Task.WhenAll(cluster.AddSiloAsync(), cluster.AddSiloAsync());
        var joined = await cluster.UntilAsync(sweep, "silos that came get work", events => Array.TrueForAll(
            come, silo => events.Facts<RunAssigned>().Any(assigned => silo.Is(assigned.Node))));
        var leaving = cluster.Silos.Take(2).ToList();
        leaving.ForEach(silo => silo.Signal("TERM"));
        await Task.WhenAll(leaving.Select(silo => silo.EndedAsync()));
        var events = await cluster.EndedAsync(sweep);

        Assert.DoesNotContain(joined, logged => logged.Event is SweepEnded);
        SweepLog.AssertNothingIsLostOrDoubled(events);
        Assert.Empty(events.Facts<RunLost>());
        Assert.Empty(events.Facts<EpochsWasted>());
        var (undisturbed, _) = await Embedded.RunAsync(sweep, spec, slots: 1, Metric);
        Assert.Equal(SweepLog.Measured(undisturbed), SweepLog.Measured(events));
    }

    /// <summary>The assignment that a silo is carrying out, if it has most of it still before it.</summary>
    private static RunAssigned? MiddleOf(IReadOnlyList<LoggedEvent> events, SiloNode silo) =>
        events.Facts<RunAssigned>().LastOrDefault(assigned => silo.Is(assigned.Node)) is { } last
            && events.Epochs().LastOrDefault(epoch => epoch.Run == last.Run) is { } epoch
            && epoch.Generation == last.Generation && epoch.Epoch < last.UntilEpoch - 20
            ? last
            : null;
}
