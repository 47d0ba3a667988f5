using Sweeps.Core;
using Sweeps.Log;
using Tests.Shared;

namespace Cluster.Harness;

/// <summary>A sweep on one slot writes the same log on one machine and in a cluster.</summary>
public sealed class SameLogTests : IDisposable
{
    private readonly Samples samples = new();

    public void Dispose() => samples.Dispose();

    [PostgresFact]
    public async Task A_synchronous_sweep_has_the_same_log_as_on_one_machine_but_for_who_and_when()
    {
        var spec = samples.Halving(runs: 9, first: 2, last: 18);
        var (embedded, winner) = await Embedded.RunAsync("points-abcde", spec, slots: 1, "val_loss");
        await using var cluster = await ClusterHarness.StartAsync(silos: 1);
        var sweep = await cluster.SubmitAsync(spec);

        var events = await cluster.UntilAsync(sweep, "the best weights are tested", seen => seen.Facts<TestEvaluated>().Any());

        Assert.Equal(Facts(embedded), Facts(events));
        Assert.Equal(winner, await Embedded.StateAsync(cluster.Checkpoints, sweep, SweepLog.Winner(events, "val_loss")));
    }

    /// <summary>The lines of the log without times, nodes and durations, with metrics in order of name.</summary>
    private static IEnumerable<string> Facts(IReadOnlyList<LoggedEvent> events) => events
        .Select(logged => logged with
        {
            At = DateTimeOffset.UnixEpoch,
            Event = logged.Event switch
            {
                RunAssigned assigned => assigned with { Node = "" },
                EpochRecorded epoch => epoch with { Seconds = 0, Metrics = new SortedDictionary<string, double>(epoch.Metrics.ToDictionary()) },
                TestEvaluated test => test with { Metrics = new SortedDictionary<string, double>(test.Metrics.ToDictionary()) },
                SweepCreated created => created with { By = "" },
                var other => other,
            },
        })
        .Select(EventText.Write);
}
