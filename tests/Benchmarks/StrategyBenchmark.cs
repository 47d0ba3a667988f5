using System.Globalization;
using Runtime.Tests.Simulation;
using Runtime.Tests.TaskSetReference;
using Tests.Shared;

namespace Benchmarks;

/// <summary>
/// <c>-- search strategies SEEDS [FIRST [STRATEGY …]]</c>: compares methods and rules with random search with the same number of epochs.
/// <c>-- search rules</c>: the rules on the recorded curves, the table of docs/rules.md, 9. Both print the one-epoch baseline too.
/// </summary>
internal static class StrategyBenchmark
{
    private static readonly int[] Marks = [255, 510, 1020, 2040];

    /// <summary>Prints the differences of mean regrets from random search in standard errors; negative if a strategy is better.</summary>
    public static void Run(int seeds, int first = 0, params string[] only)
    {
        if (RealData.Missing is { } missing)
            Console.WriteLine($"SKIPPED, TaskSet: {missing}");
        Problem[] problems = [.. Problem.ClosedForms, .. RealData.Missing is null ? Problem.Recorded : []];
        Row("", problems.Select(problem => problem.Function.Name));
        Row("---", problems.Select(_ => "---:"));
        var random = Array.ConvertAll(problems, problem => Mean(seed => Strategy.Random.Regret(problem, seed)));
        Row("random, mean regret", random.Select(mean => Text(mean, "G2")));
        Compare("one epoch", Strategy.OneEpochRegret);
        foreach (var strategy in Strategy.All.Where(strategy => only.Length == 0 || only.Contains(strategy.Name)))
            Compare(strategy.Name, strategy.Regret);

        void Compare(string name, Func<Problem, int, double> regret) => Row(name, problems.Select((problem, i) =>
            Mean(seed => regret(problem, seed)).Above(random[i]).ToString("+0.0;−0.0;0", CultureInfo.InvariantCulture)));

        SampleMean Mean(Func<int, double> regret) => SampleMean.Of([.. Enumerable.Range(first, seeds).Select(regret)]);
    }

    /// <summary>
    /// Prints the regret of the best value after several numbers of epochs: twenty seeds of four tasks, four slots. Each row names its
    /// first rung.
    /// </summary>
    public static void Rules()
    {
        Row("rule", Marks.Select(mark => mark.ToString("N0", CultureInfo.InvariantCulture)));
        Row("---", Marks.Select(_ => "---"));
        string[] rules = ["random", "median", "successive_halving", "hyperband_brackets", "asha_stopping_ray", "asha_stopping_optuna", "asha"];
        foreach (var (rule, first) in rules.Select(rule => (rule, 1)).Concat([("asha", 2), ("asha", 3), ("asha_one_rung", 2)]))
        {
            var sweeps = Sweeps().Select(sweep => (sweep.Task, Result: TaskSet.Run(sweep.Task, rule, first, 4, sweep.Seed))).ToList();
            Row($"{rule} {first}", Marks.Select(mark => Text(SampleMean.Of([.. sweeps.Select(sweep => ReferenceSweeps.Regret(sweep.Task, sweep.Result.BestAfter(mark)!.Value))]), "0.000")));
        }
        foreach (var epochs in (int[])[1, 2, 3])
            Row($"the best after {epochs}", Marks.Select(mark => Text(SampleMean.Of([.. Sweeps().Select(sweep => Baseline(sweep.Task, sweep.Seed, epochs, mark))]), "0.000")));
    }

    /// <summary>
    /// The one-epoch baseline: half of the budget goes to the first epochs of the rows in their order, the other half to training the best
    /// of them to the end. The result is the best of all values.
    /// </summary>
    private static double Baseline(string task, int seed, int epochs, int budget)
    {
        var curves = TaskSet.Table(task)["valid_loss"]!;
        var kept = Math.Max(budget / 2, budget - epochs * curves.Length) / (51 - epochs);
        var tried = new TaskSet.Rows(seed, curves.Length).Order.Take((budget - kept * (51 - epochs)) / epochs).Select(row => curves[row]).ToList();
        return ReferenceSweeps.Regret(task, Math.Min(
            tried.Min(curve => curve[..epochs].Min()),
            tried.OrderBy(curve => curve[epochs - 1]).Take(kept).Min(curve => curve.Min())));
    }

    private static IEnumerable<(string Task, int Seed)> Sweeps() => TaskSet.Tasks.SelectMany(task => Enumerable.Range(0, 20).Select(seed => (task, seed)));

    private static string Text(SampleMean mean, string format) => string.Create(CultureInfo.InvariantCulture, $"{mean.Mean.ToString(format, CultureInfo.InvariantCulture)}±{mean.Error.ToString(format == "G2" ? "G1" : format, CultureInfo.InvariantCulture)}");

    private static void Row(string name, IEnumerable<string> cells) => Console.WriteLine($"| {name} | {string.Join(" | ", cells)} |");
}
