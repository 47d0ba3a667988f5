using System.Globalization;
using Sweeps.Core.Search;
using Sweeps.Core.Search.Bayes;
using Sweeps.Core.Search.Tpe;
using Sweeps.Core.Space;
using Sweeps.Training.Functions;

namespace Benchmarks;

/// <summary>
/// How good search is: simple regret after 60 evaluations, mean ± standard error, beside the one-epoch baseline and Optuna's samplers in the same
/// run. <c>-- search regret SEEDS</c>; <c>-- search confirm SEEDS</c> is <see cref="ConfirmBenchmark"/>; <c>-- search</c> alone is <see cref="SearchSpeed"/>.
/// </summary>
internal static class SearchBenchmark
{
    private const int Evaluations = 60;

    /// <summary>The epochs of a full evaluation, and how many configurations the one-epoch baseline trains fully.</summary>
    private const int Epochs = 27, Kept = 30;

    public static void Run(string[] arguments)
    {
        var seeds = int.Parse(arguments.Length > 1 ? arguments[1] : "20", CultureInfo.InvariantCulture);
        if (arguments is ["regret", ..])
            Regret(seeds);
        else if (arguments is ["confirm", ..])
            ConfirmBenchmark.Run(seeds);
        else
            SearchSpeed.Run();
    }

    private static void Regret(int seeds)
    {
        using var optuna = OptunaStudy.Start();
        Console.WriteLine(optuna is null ? "SKIPPED: there is no python3 that can import optuna (PYTHONPATH) to compare with." : $"Optuna {optuna.Version}");
        foreach (var name in new[] { "branin", "currin", "hartmann3", "hartmann6", "mixed", "counting_ones" })
        {
            var function = FunctionRegistry.Get(name);
            Row(function, "random", seeds, seed => Ours(function, new SequenceSearch(function.Space, [], new RandomSequence(seed)), 1));
            if (name != "mixed")
                Row(function, "one epoch", seeds, seed => OneEpoch(function, seed));
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

    /// <summary>
    /// As many epochs as 60 full evaluations have: random configurations are trained for one epoch, and the best 30 of them to the end
    /// (Egele et al. 2023, "Is one epoch all you need for multi-fidelity hyperparameter optimization?").
    /// </summary>
    private static double OneEpoch(ClosedForm function, ulong seed)
    {
        var search = new SequenceSearch(function.Space, [], new RandomSequence(seed));
        var sign = function.Goal == Sweeps.Core.Goal.Maximize ? -1 : 1;
        var first = new FidelityLevel(1, Epochs, Sweeps.Core.Fidelity.Linear);
        return Enumerable.Range(0, Evaluations * Epochs - Kept * (Epochs - 1))
            .Select(n => search.Propose(n, 0, new NoResults())!.Configuration)
            .OrderBy(configuration => sign * function.Value(configuration, first, seed)).Take(Kept)
            .Min(configuration => function.Regret(function.Value(configuration, FidelityLevel.Full, seed)));
    }

    private static void Row(ClosedForm function, string method, int seeds, Func<ulong, double> regret)
    {
        var values = Enumerable.Range(0, seeds).Select(seed => regret((ulong)seed)).Order().ToArray();
        var mean = values.Average();
        var error = Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / Math.Max(1, seeds - 1) / seeds);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{function.Name,-14} {method,-16} {mean:G3} ±{error:G2} [{values[seeds / 2]:G2}]"));
    }

    private sealed record NoResults : IHistory
    {
        public IReadOnlyList<Observation> Observations => [];
    }
}
