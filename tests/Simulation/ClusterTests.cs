using System.Globalization;
using Sweeps.Core;
using Sweeps.Core.Search;
using Sweeps.Simulation;
using Sweeps.Training;

namespace Simulation;

public class ClusterTests
{
    /// <summary>
    /// The number of schedules. Ten thousand take some seconds, a million most of an hour; SIMULATION_FIRST allows parts.
    /// </summary>
    private static readonly int schedules = Number("SIMULATION_SCHEDULES") ?? 10_000;

    [Fact]
    public void Whatever_fails_nothing_is_lost_doubled_or_decided_otherwise()
    {
        var outcomes = new Dictionary<string, string>();
        if (Number("SIMULATION_SEED") is { } only)
        {
            Run((ulong)only, outcomes);
            return;
        }
        var first = Number("SIMULATION_FIRST") ?? 0;
        for (var seed = first; seed < first + schedules; seed++)
            Run((ulong)seed, outcomes);
    }

    /// <summary>
    /// The Gaussian process proposes from the log alone: a coordinator that was restarted, or that took over a sweep after a change of η,
    /// gives the same proposals as one without failures.
    /// </summary>
    [Fact]
    public void A_model_proposes_the_same_after_restarts_and_changes_of_eta()
    {
        var afterChange = 0;
        for (var seed = 0UL; seed < 30; seed++)
        {
            var cluster = new Cluster(seed, Scenario.Modelled);
            cluster.Run();
            var undisturbed = cluster.Scenario.Machine();
            var changed = false;
            foreach (var logged in cluster.Log)
            {
                changed |= logged.Event is SweepSteered { Action: SteerAction.Change };
                if (logged.Event is RunCreated { Proposal: { } index } created)
                {
                    var proposed = undisturbed.State.Spec.Method.Create(undisturbed.State.Spec).Propose(index, 0, new History(undisturbed.State))?.Configuration;
                    Assert.True(created.Configuration.Equals(proposed), $"schedule {seed}, run {created.Run}: {proposed}, expected {created.Configuration}");
                    afterChange += changed ? 1 : 0;
                }
                undisturbed.Apply(logged);
            }
        }
        Assert.True(afterChange > 20, $"Only {afterChange} runs were proposed after a change of eta.");
    }

    private static void Run(ulong seed, Dictionary<string, string> outcomes)
    {
        var cluster = new Cluster(seed);
        try
        {
            var state = cluster.Run();
            if (!cluster.Scenario.Synchronous)
                return;
            if (!outcomes.TryGetValue(cluster.Scenario.Key, out var expected))
                outcomes[cluster.Scenario.Key] = expected = Undisturbed(cluster.Scenario);
            if (Outcome(state) != expected)
                throw new InvariantException($"a synchronous sweep came to another end:\n  {Outcome(state)}\n  {expected}");
        }
        catch (Exception problem)
        {
            var tail = string.Join('\n', cluster.Log.TakeLast(30).Select(logged => $"  {logged.Seq} {logged.Event}"));
            throw new InvariantException(string.Create(
                CultureInfo.InvariantCulture,
                $"Schedule {seed} ({cluster.Scenario.Key}): {problem.Message}\n"
                + $"Replay it: SIMULATION_SEED={seed} dotnet test tests/Simulation\n{tail}\n{problem.StackTrace}"));
        }
    }

    /// <summary>The result of the same sweep on one slot without failures.</summary>
    private static string Undisturbed(Scenario scenario) => Outcome(VirtualSweep.Run(
        scenario.Spec, (run, epoch) => new EpochReport(epoch, Scenario.Metrics(run.Number, epoch), 1), 1, _ => Scenario.Search()).State);

    private static string Outcome(SweepState state) =>
        $"best {state.Best?.Number}; " + string.Join(' ', state.Runs.Select(run => $"{run.Number}:{run.State}@{run.Epoch}"));

    private static int? Number(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;
}
