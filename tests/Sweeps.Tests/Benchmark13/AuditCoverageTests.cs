using Sweeps.Analysis;
using Sweeps.Core;
using Sweeps.Simulation;
using Tests.Shared;
using Xunit.Abstractions;

namespace Sweeps.Tests.Benchmark13;

/// <summary>On recorded curves, where it is known how many stopped runs would have won, the audit's 95 % interval holds it.</summary>
public class AuditCoverageTests(ITestOutputHelper output)
{
    [DataTheory]
    [InlineData("asha_stopping_optuna")]
    [InlineData("asha")]
    public void The_interval_of_the_runs_that_would_have_won_covers_in_at_least_93_of_100_sweeps(string rule)
    {
        var (covered, sweeps, widths) = (0, 0, 0.0);
        foreach (var task in TaskSet.Tasks)
            for (var seed = 0; seed < 25; seed++)
            {
                var state = TaskSet.Run(task, rule, 1, 4, seed, new SteerAction.Audit(510)).State;
                var audit = AuditEstimate.Of(state)!;
                var stopped = state.SearchedRuns.Where(run => run.Epoch < 51 || state.Audit!.Runs.Contains(run.Number)).ToArray();
                var better = stopped.Count(run => Final(TaskSet.Table(task), run) < state.Audit!.Best);
                Assert.Equal(stopped.Length, audit.Stopped);
                sweeps++;
                covered += better >= audit.FewestBetter && better <= audit.MostBetter ? 1 : 0;
                widths += (double)(audit.MostBetter - audit.FewestBetter) / audit.Stopped;
            }
        output.WriteLine($"{covered} of {sweeps} intervals cover; their mean width is {widths / sweeps:P0} of the stopped runs");
        Assert.InRange(covered, 93, 100);
    }

    private static double Final(Sweeps.Training.LearningCurves table, SweepRun run)
    {
        var row = (int)((Value.Integer)run.Configuration["row"]!).Content;
        return Enumerable.Range(1, 51).Select(epoch => table.At(row, epoch)["valid_loss"]).Where(double.IsFinite).DefaultIfEmpty(double.PositiveInfinity).Min();
    }
}
