using Sweeps.Analysis;
using Sweeps.Core;
using Sweeps.Simulation;
using Sweeps.Training;
using Tests.Shared;
using Xunit.Abstractions;

namespace Runtime.Tests.TaskSetReference;

/// <summary>On recorded curves, where the results of stopped runs are known, the audit's 95 % limits contain the true value.</summary>
public class AuditCoverageTests(ITestOutputHelper output)
{
    [DataTheory]
    [InlineData("asha_stopping_optuna", 510)]
    [InlineData("asha", 510)]
    [InlineData("median", 3000)]
    public void The_limits_of_the_runs_that_would_have_won_and_lost_more_cover_in_at_least_93_of_100_sweeps(string rule, int epochs)
    {
        var (covered, beyond, sweeps, widths) = (0, 0, 0, 0.0);
        foreach (var task in TaskSet.Tasks)
            for (var seed = 0; seed < 25; seed++)
            {
                var state = TaskSet.Run(task, rule, 1, 4, seed, new SteerAction.Audit(epochs)).State;
                var audit = AuditEstimate.Of(state)!;
                var stopped = state.SearchedRuns.Where(run => run.Epoch < 51 || state.Audit!.Runs.Contains(run.Number)).ToArray();
                var better = stopped.Count(run => Final(TaskSet.Table(task), run) < state.Audit!.Best);
                Assert.Equal(stopped.Length, audit.Stopped);
                sweeps++;
                covered += better >= audit.FewestBetter && better <= audit.MostBetter ? 1 : 0;
                var reached = state.Audit!.Best - audit.Loss;
                beyond += stopped.Count(run => Final(TaskSet.Table(task), run) < reached) <= audit.MostBeyond ? 1 : 0;
                widths += (double)(audit.MostBetter - audit.FewestBetter) / audit.Stopped;
            }
        output.WriteLine($"{covered} of {sweeps} intervals cover; their mean width is {widths / sweeps:P0} of the stopped runs; {beyond} limits of larger losses hold");
        Assert.InRange(covered, 93, 100);
        Assert.InRange(beyond, 93, 100);
    }

    [Theory]
    [InlineData(100, 100, 0)]
    [InlineData(100, 95, 0)]
    [InlineData(100, 94, 1)]
    [InlineData(100, 10, 24)]
    [InlineData(1000, 10, 257)]
    public void The_best_of_a_sample_bounds_all_but_a_few_of_those_it_was_drawn_from(int all, int drawn, int beyond) =>
        Assert.Equal(beyond, AuditEstimate.Beyond(all, drawn));

    private static double Final(LearningCurves table, SweepRun run)
    {
        var row = (int)((Value.Integer)run.Configuration["row"]!).Content;
        return Enumerable.Range(1, 51).Select(epoch => table.At(row, epoch)["valid_loss"]).Where(double.IsFinite).DefaultIfEmpty(double.PositiveInfinity).Min();
    }
}
