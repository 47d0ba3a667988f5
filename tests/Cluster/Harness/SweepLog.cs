using System.Globalization;
using Sweeps.Core;

namespace Cluster.Harness;

/// <summary>Invariants of every sweep's log, for any failures of machines.</summary>
internal static class SweepLog
{
    /// <summary>The recorded epochs.</summary>
    public static IEnumerable<EpochRecorded> Epochs(this IEnumerable<LoggedEvent> events) => events.Facts<EpochRecorded>();

    public static IEnumerable<T> Facts<T>(this IEnumerable<LoggedEvent> events) where T : SweepEvent =>
        events.Select(logged => logged.Event).OfType<T>();

    /// <summary>
    /// Asserts event numbers without gaps, and for each run consecutive epochs, each once, under generations that do not decrease.
    /// </summary>
    public static void AssertNothingIsLostOrDoubled(IReadOnlyList<LoggedEvent> events)
    {
        Assert.Equal(Enumerable.Range(1, events.Count).Select(seq => (long)seq), events.Select(logged => logged.Seq));
        foreach (var run in events.Epochs().GroupBy(epoch => epoch.Run))
        {
            Assert.Equal(Enumerable.Range(1, run.Count()), run.Select(epoch => epoch.Epoch));
            Assert.Equal(run.Select(epoch => epoch.Generation).Order(), run.Select(epoch => epoch.Generation));
        }
        foreach (var run in events.Facts<RunAssigned>().GroupBy(assigned => assigned.Run))
            Assert.Equal(Enumerable.Range(1, run.Count()), run.Select(assigned => assigned.Generation));
    }

    /// <summary>Asserts that no epoch is recorded under a generation after its run was lost.</summary>
    public static void AssertNobodyReportsAfterLosing(IReadOnlyList<LoggedEvent> events)
    {
        var lost = new HashSet<(int Run, int Generation)>();
        foreach (var logged in events)
        {
            if (logged.Event is RunLost run)
                lost.Add((run.Run, run.Generation));
            if (logged.Event is EpochRecorded epoch)
                Assert.DoesNotContain((epoch.Run, epoch.Generation), lost);
        }
    }

    /// <summary>Whether the events contain an assignment to the silo and an epoch recorded under it.</summary>
    public static bool Trains(this IEnumerable<LoggedEvent> events, SiloNode silo) => events.Facts<RunAssigned>().Any(
        assigned => silo.Is(assigned.Node) && events.Epochs().Any(epoch => (epoch.Run, epoch.Generation) == (assigned.Run, assigned.Generation)));

    /// <summary>The first recorded epoch of a run under a later assignment than this one; null if there is none.</summary>
    public static EpochRecorded? AfterLosing(this IEnumerable<LoggedEvent> events, RunAssigned held) =>
        events.Epochs().FirstOrDefault(epoch => epoch.Run == held.Run && epoch.Generation > held.Generation);

    /// <summary>The metrics as text by run and epoch: equal for equal sweeps on any machines.</summary>
    public static IReadOnlyDictionary<(int Run, int Epoch), string> Measured(IEnumerable<LoggedEvent> events) => events.Epochs().ToDictionary(
        epoch => (epoch.Run, epoch.Epoch),
        epoch => string.Join(' ', epoch.Metrics.OrderBy(metric => metric.Key, StringComparer.Ordinal)
            .Select(metric => string.Create(CultureInfo.InvariantCulture, $"{metric.Key}={metric.Value:R}"))));

    /// <summary>The finished run with the lowest last value of a metric.</summary>
    public static int Winner(IReadOnlyList<LoggedEvent> events, string metric)
    {
        var finished = events.Facts<RunFinished>().Select(run => run.Run).ToHashSet();
        return events.Epochs().Where(epoch => finished.Contains(epoch.Run)).GroupBy(epoch => epoch.Run)
            .MinBy(run => (run.Last().Metrics[metric], run.Key))!.Key;
    }
}
