using System.Globalization;
using Sweeps.Core.Search;
using Sweeps.Core.Search.Bayes;
using Sweeps.Core.Search.Tpe;
using Sweeps.Core.Space;
using Sweeps.Training.Functions;

namespace Benchmarks;

/// <summary>
/// How good model-based search is: simple regret, mean ± standard error. <c>-- search regret SEEDS</c>; <c>-- search</c> alone is
/// <see cref="SearchSpeed"/>.
/// </summary>
internal static class SearchBenchmark
{
    private static readonly int[] Checkpoints = [20, 50, 60, 100];

    public static void Run(string[] arguments)
    {
        if (arguments is ["regret", ..])
            Regret(int.Parse(arguments.Length > 1 ? arguments[1] : "20", CultureInfo.InvariantCulture));
        else
            SearchSpeed.Run();
    }

    private static void Regret(int seeds)
    {
        foreach (var name in new[] { "branin", "currin", "hartmann3", "hartmann6", "mixed", "counting_ones" })
        {
            var function = FunctionRegistry.Get(name);
            Row(function, "random", seeds, 1, seed => new SequenceSearch(function.Space, [], new RandomSequence(seed)));
            Row(function, "TPE", seeds, 1, seed => new TpeSearch(function.Space, [], seed));
            Row(function, "TPE x10", seeds, 10, seed => new TpeSearch(function.Space, [], seed));
            if (name == "counting_ones")
                continue;
            Row(function, "GP", seeds, 1, seed => new BayesSearch(function.Space, [], seed));
            Row(function, "GP x10", seeds, 10, seed => new BayesSearch(function.Space, [], seed));
        }
    }

    private static void Row(ClosedForm function, string method, int seeds, int batch, Func<ulong, ISearch> search)
    {
        var regrets = new double[Checkpoints.Length, seeds];
        for (var seed = 0; seed < seeds; seed++)
        {
            var study = new Study(function, search((ulong)seed));
            for (var k = 0; k < Checkpoints.Length; k++)
                regrets[k, seed] = study.Evaluate(Checkpoints[k], batch);
        }
        Console.Write($"{function.Name,-14} {method,-8}");
        for (var k = 0; k < Checkpoints.Length; k++)
        {
            var values = Enumerable.Range(0, seeds).Select(seed => regrets[k, seed]).Order().ToArray();
            var mean = values.Average();
            var error = Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (seeds - 1) / seeds);
            Console.Write(string.Create(CultureInfo.InvariantCulture, $"  {Checkpoints[k]}: {mean:G3}±{error:G2} [{values[seeds / 2]:G2}]"));
        }
        Console.WriteLine();
    }
}
