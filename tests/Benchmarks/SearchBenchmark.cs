using System.Globalization;
using Runtime.Tests.Simulation;
using Sweeps.Core.Search;
using Sweeps.Core.Search.Bayes;
using Sweeps.Core.Search.Tpe;
using Sweeps.Training.Functions;

namespace Benchmarks;

/// <summary>
/// Measures the quality of search: simple regret after 60 evaluations, mean ± standard error, beside the one-epoch baseline and Optuna's
/// samplers. <c>-- search regret SEEDS [FUNCTION …]</c>; <c>-- search strategies SEEDS</c> and <c>-- search rules</c> are
/// <see cref="StrategyBenchmark"/>, <c>-- search confirm SEEDS</c> <see cref="ConfirmBenchmark"/>, <c>-- search</c> alone
/// <see cref="SearchSpeed"/>.
/// </summary>
internal static class SearchBenchmark
{
    private const int Evaluations = 60;

    public static void Run(string[] arguments)
    {
        var seeds = int.Parse(arguments.Length > 1 ? arguments[1] : "20", CultureInfo.InvariantCulture);
        if (arguments is ["regret", ..])
            Regret(seeds, arguments.Length > 2 ? arguments[2..] : ["branin", "currin", "hartmann3", "hartmann6", "mixed", "counting_ones"]);
        else if (arguments is ["strategies", ..])
            StrategyBenchmark.Run(seeds, arguments.Length > 2 ? int.Parse(arguments[2], CultureInfo.InvariantCulture) : 0, [.. arguments.Skip(3)]);
        else if (arguments is ["rules"])
            StrategyBenchmark.Rules();
        else if (arguments is ["confirm", ..])
            ConfirmBenchmark.Run(seeds);
        else
            SearchSpeed.Run();
    }

    private static void Regret(int seeds, string[] functions)
    {
        using var optuna = OptunaStudy.Start();
        Console.WriteLine(optuna is null ? "SKIPPED: there is no python3 that can import optuna (PYTHONPATH) to compare with." : $"Optuna {optuna.Version}");
        foreach (var name in functions)
        {
            var function = FunctionRegistry.Get(name);
            Row(function, "random", seeds, seed => Ours(function, new SequenceSearch(function.Space, [], new RandomSequence(seed)), 1));
            if (name != "mixed")
                Row(function, "one epoch", seeds, seed => Strategy.OneEpochRegret(new Problem(function, 27), (int)seed));
            foreach (var batch in new[] { 1, 10 })
            {
                Row(function, $"TPE x{batch}", seeds, seed => Ours(function, new TpeSearch(function.Space, [], seed), batch));
                if (name != "counting_ones")
                    Row(function, $"GP x{batch}", seeds, seed => Ours(function, new BayesSearch(function.Space, [], seed), batch));
                if (optuna is null)
                    continue;
                Row(function, $"Optuna TPE x{batch}", seeds, seed => optuna.Regret(function, "tpe", seed, Evaluations, batch));
                if (name != "counting_ones")
                    Row(function, $"Optuna GP x{batch}", seeds, seed => optuna.Regret(function, "gp", seed, Evaluations, batch));
            }
        }
    }

    private static double Ours(ClosedForm function, ISearch search, int batch) => new Study(function, search).Evaluate(Evaluations, batch);

    private static void Row(ClosedForm function, string method, int seeds, Func<ulong, double> regret)
    {
        var values = Enumerable.Range(0, seeds).Select(seed => regret((ulong)seed)).Order().ToArray();
        var (mean, error) = SampleMean.Of(values);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{function.Name,-14} {method,-16} {mean:G3} ±{error:G2} [{values[seeds / 2]:G2}]"));
    }
}
