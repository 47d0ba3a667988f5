using System.Diagnostics;
using System.Globalization;
using Sweeps.Core;
using Sweeps.Core.Search;
using Sweeps.Core.Search.Bayes;
using Sweeps.Core.Search.Tpe;
using Sweeps.Core.Space;
using Sweeps.Functions;

namespace Benchmarks;

/// <summary>
/// Model-based search: how long a proposal takes, and how good it is (simple regret, mean ± standard error). <c>-- search</c> times
/// proposals;
/// <c>-- search regret SEEDS</c> makes the table.
/// </summary>
internal static class SearchBenchmark
{
    private static readonly int[] Checkpoints = [20, 50, 60, 100];

    public static void Run(string[] arguments)
    {
        if (arguments is ["regret", ..])
            Regret(int.Parse(arguments.Length > 1 ? arguments[1] : "20", CultureInfo.InvariantCulture));
        else
            Speed();
    }

    private static void Speed()
    {
        foreach (var name in new[] { "hartmann6", "mixed" })
        {
            var function = FunctionRegistry.Get(name);
            foreach (var count in new[] { 100, 1000, 10_000 })
                Time($"TPE {name} {count}", function, new TpeSearch(function.Space, [], 1), count, 60);
            Warm(function);
            foreach (var count in new[] { 60, 200, 500 })
            {
                Time($"GP {name} {count}", function, new BayesSearch(function.Space, [], 1), count, 4);
                Time($"GP {name} {count}, with a fit", function, new BayesSearch(function.Space, [], 1), count, 1);
            }
        }
    }

    /// <summary>Has the compiler done its work: in a sweep of hundreds of results it has long been.</summary>
    private static void Warm(ClosedForm function)
    {
        var study = new Study(function, new BayesSearch(function.Space, [], 3));
        study.Evaluate(60, 1);
    }

    /// <summary>The median time of a proposal, the first half left out (the compiler's) when there are several.</summary>
    private static void Time(string what, ClosedForm function, ISearch search, int count, int proposals)
    {
        var history = new Study(function, new SequenceSearch(function.Space, [], new RandomSequence(7)));
        history.Evaluate(count, 1);
        var times = new List<double>();
        for (var n = 0; n < proposals; n++)
        {
            var watch = Stopwatch.StartNew();
            search.Propose(count + n, 0, history);
            times.Add(watch.Elapsed.TotalMilliseconds);
        }
        var kept = times.Skip(proposals / 2).Order().ToArray();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what,-42} {kept[kept.Length / 2],9:F2} ms, least {times.Min(),9:F2} ms"));
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

    private sealed class Study(ClosedForm function, ISearch search) : IHistory
    {
        private readonly List<Observation> observations = [];

        public IReadOnlyList<Observation> Observations => observations;

        /// <summary>Goes on until there are so many evaluations and returns the simple regret.</summary>
        public double Evaluate(int count, int batch)
        {
            while (observations.Count < count)
            {
                var first = observations.Count;
                for (var run = first; run < Math.Min(count, first + batch); run++)
                    observations.Add(new Observation(run, search.Propose(run, 0, this)!, ObservationKind.Running, 0, double.NaN, []));
                for (var run = first; run < observations.Count; run++)
                {
                    var value = function.Value(observations[run].Configuration, Level.Full, 0);
                    observations[run] = observations[run] with
                    {
                        Kind = ObservationKind.Completed, Epoch = 1, Value = function.Goal == Goal.Maximize ? -value : value,
                    };
                }
            }
            var best = observations.Min(observation => observation.Value);
            return function.Regret(function.Goal == Goal.Maximize ? -best : best);
        }
    }
}
