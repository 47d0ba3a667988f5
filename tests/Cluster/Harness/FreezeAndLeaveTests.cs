using Sweeps.Core;
using Tests.Shared;

namespace Cluster.Harness;

/// <summary>Silos freeze, leave and join: runs move, and no recorded epoch is lost.</summary>
public sealed class FreezeAndLeaveTests : IDisposable
{
    private readonly Samples samples = new();

    public void Dispose() => samples.Dispose();

    [PostgresFact]
    public async Task A_frozen_silo_that_wakes_up_finds_its_runs_taken_and_its_reports_are_refused()
    {
        await using var cluster = await ClusterHarness.StartAsync(silos: 2);
        var (sweep, running) = await BothTrainAsync(cluster, runs: 3);
        var coordinator = await cluster.CoordinatorSiloAsync(sweep);
        var frozen = cluster.Silos.Single(silo => silo != coordinator);
        var held = HeldBy(frozen, running);

        frozen.Signal("STOP");
        await cluster.UntilAsync(sweep, "the frozen silo's run is lost", events => IsLost(held, events));
        await cluster.AddSiloAsync();
        var without = await cluster.UntilAsync(sweep, "its run trains elsewhere", events => events.AfterLosing(held) is not null);
        frozen.Signal("CONT");
        var events = await UntilItWorksOrHasEndedAsync(cluster, sweep, frozen, without);

        SweepLog.AssertNothingIsLostOrDoubled(events);
        SweepLog.AssertNobodyReportsAfterLosing(events);
        await Embedded.AssertSameAsync(samples, sweep, runs: 3, without.AfterLosing(held)!, events);
    }

    [PostgresFact]
    public async Task A_frozen_silo_with_the_coordinator_is_declared_dead_and_not_believed_when_it_wakes()
    {
        await using var cluster = await ClusterHarness.StartAsync(silos: 2);
        var (sweep, running) = await BothTrainAsync(cluster, runs: 3);
        var frozen = await cluster.CoordinatorSiloAsync(sweep);
        var held = HeldBy(frozen, running);

        frozen.Signal("STOP");
        // The other silo can decide only when the membership has declared the frozen one dead.
        await cluster.UntilAsync(sweep, "the frozen silo's run is lost", events => IsLost(held, events));
        var without = await GoesOnAsync(cluster, sweep);
        frozen.Signal("CONT");
        var events = await UntilItWorksOrHasEndedAsync(cluster, sweep, frozen, without);

        SweepLog.AssertNothingIsLostOrDoubled(events);
        SweepLog.AssertNobodyReportsAfterLosing(events);
    }

    [PostgresFact]
    public async Task A_silo_told_to_leave_hands_its_run_over_without_losing_an_epoch()
    {
        await using var cluster = await ClusterHarness.StartAsync(silos: 2);
        var (sweep, running) = await BothTrainAsync(cluster, runs: 2);
        var leaving = await cluster.CoordinatorSiloAsync(sweep);
        var held = HeldBy(leaving, running);

        leaving.Signal("TERM");
        await leaving.EndedAsync();
        var alone = await cluster.EventsAsync(sweep);
        await leaving.StartAsync();
        await leaving.ReadyAsync();
        var events = await cluster.UntilAsync(sweep, "the run goes on where it was", events => events.Skip(alone.Count).Trains(leaving));

        SweepLog.AssertNothingIsLostOrDoubled(events);
        Assert.Contains(alone.Facts<RunReleased>(), released => (released.Run, released.Generation) == (held.Run, held.Generation));
        Assert.Empty(events.Facts<RunLost>());
        Assert.Empty(events.Facts<EpochsWasted>());
        await Embedded.AssertSameAsync(samples, sweep, runs: 2, events.AfterLosing(held)!, events);
    }

    [PostgresFact]
    public async Task A_sweep_goes_on_with_one_silo_and_uses_those_that_come()
    {
        await using var cluster = await ClusterHarness.StartAsync(silos: 1);
        var sweep = await cluster.SubmitAsync(samples.Endless(runs: 3));
        await cluster.RecordedAsync(sweep, 5);

        await Task.WhenAll(cluster.AddSiloAsync(), cluster.AddSiloAsync());
        var joined = await cluster.UntilAsync(sweep, "silos that came train", events => cluster.Silos.All(silo => events.Trains(silo)));
        var leaving = cluster.Silos.Take(2).ToList();
        leaving.ForEach(silo => silo.Signal("TERM"));
        await Task.WhenAll(leaving.Select(silo => silo.EndedAsync()));
        var alone = await cluster.EventsAsync(sweep);
        await cluster.UntilAsync(sweep, "the silo that stays trains on", events => events.Skip(alone.Count).Facts<EpochRecorded>().Any());
        await cluster.AddSiloAsync(slots: 2);
        var moved = leaving.ConvertAll(silo => HeldBy(silo, joined));
        var events = await cluster.UntilAsync(
            sweep, "another takes what was left", events => moved.TrueForAll(held => events.AfterLosing(held) is not null));

        SweepLog.AssertNothingIsLostOrDoubled(events);
        Assert.Empty(events.Facts<RunLost>());
        Assert.Empty(events.Facts<EpochsWasted>());
        await Embedded.AssertSameAsync(samples, sweep, runs: 3, events.AfterLosing(moved[0])!, events);
    }

    /// <summary>Starts a sweep that does not end, so that it still runs when the test disturbs it, on a machine of any speed.</summary>
    private async Task<(string Sweep, IReadOnlyList<LoggedEvent> Running)> BothTrainAsync(ClusterHarness cluster, int runs)
    {
        var sweep = await cluster.SubmitAsync(samples.Endless(runs));
        return (sweep, await cluster.UntilAsync(sweep, "both silos train", events => cluster.Silos.All(silo => events.Trains(silo))));
    }

    /// <summary>Waits for three more epochs, and returns the log.</summary>
    private static async Task<IReadOnlyList<LoggedEvent>> GoesOnAsync(ClusterHarness cluster, string sweep) =>
        await cluster.RecordedAsync(sweep, (await cluster.EventsAsync(sweep)).Epochs().Count() + 3);

    /// <summary>A silo that finds itself declared dead ends its process; any other one resumes work.</summary>
    private static Task<IReadOnlyList<LoggedEvent>> UntilItWorksOrHasEndedAsync(
        ClusterHarness cluster, string sweep, SiloNode woken, IReadOnlyList<LoggedEvent> before) => cluster.UntilAsync(
            sweep, "the woken silo is given work or has ended",
            events => !woken.Running || events.Skip(before.Count).Facts<RunAssigned>().Any(assigned => woken.Is(assigned.Node)));

    private static RunAssigned HeldBy(SiloNode silo, IReadOnlyList<LoggedEvent> events) =>
        events.Facts<RunAssigned>().Last(assigned => silo.Is(assigned.Node));

    private static bool IsLost(RunAssigned held, IReadOnlyList<LoggedEvent> events) =>
        events.Facts<RunLost>().Any(lost => (lost.Run, lost.Generation) == (held.Run, held.Generation));
}
