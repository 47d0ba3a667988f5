using System.Globalization;
using Sweeps.Core;
using Sweeps.Simulation;
using Sweeps.Training;

namespace Simulation;

public class ClusterTests
{
    /// <summary>Ten thousand take some seconds; a million, from SIMULATION_FIRST on in slices or all at once, most of an hour.</summary>
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

    /// <summary>The same sweep on one slot where nothing fails.</summary>
    private static string Undisturbed(Scenario scenario) => Outcome(VirtualSweep.Run(
        scenario.Spec, (run, epoch) => new EpochReport(epoch, Scenario.Metrics(run.Number, epoch), 1), 1, _ => Scenario.Search()).State);

    private static string Outcome(SweepState state) =>
        $"best {state.Best?.Number}; " + string.Join(' ', state.Runs.Select(run => $"{run.Number}:{run.State}@{run.Epoch}"));

    private static int? Number(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;
}
