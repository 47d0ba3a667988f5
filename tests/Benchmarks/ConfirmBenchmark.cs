using System.Globalization;
using Runtime.Tests.Simulation;
using Sweeps.Core;
using Sweeps.Core.Rules;
using Sweeps.Core.Search;
using Sweeps.Simulation;
using Sweeps.Training;
using Sweeps.Training.Functions;
using Tests.Shared;

namespace Benchmarks;

/// <summary>
/// <c>-- search confirm SEEDS</c>: measures how often the declared best run is not the best one, before and after a confirmation, and the cost of the
/// confirmation, after a search with ASHA and after the one-epoch baseline with as many epochs. Noise depends on seed and configuration, so pairing
/// by seed does not reduce it. The true value is the noiseless value at full fidelity. A recorded curve of TaskSet is moved as a whole.
/// </summary>
internal static class ConfirmBenchmark
{
    private const int Runs = 60, Epochs = 9, Compared = 3, Confirmations = 10;

    public static void Run(int seeds)
    {
        Console.WriteLine("| function | noise | search | not the best of the first 3, before | after | regret before | after | told apart | epochs of the search | of the confirmation |");
        Console.WriteLine("|---|---:|---|---:|---:|---:|---:|---:|---:|---:|");
        foreach (var (name, noise) in new[] { ("branin", 1.0), ("branin", 5.0), ("hartmann3", 0.1), ("hartmann3", 0.5), ("hartmann6", 0.1), ("hartmann6", 0.5), ("currin", 0.5) })
            Rows(new Problem(FunctionRegistry.Get(name), Epochs), noise, seeds);
        if (RealData.Missing is { } missing)
            Console.WriteLine($"SKIPPED, TaskSet: {missing}");
        else
            foreach (var problem in Problem.Recorded)
                Rows(problem, noise: 0.02, seeds);
    }

    private static void Rows(Problem problem, double noise, int seeds)
    {
        // The first value of a recorded curve was measured before training.
        var (first, epochs) = (problem.IsCurve ? 2 : 1, problem.Epochs);
        var searched = new long[seeds];
        Row("ASHA", seed => new AshaSpec(first, epochs, 3), _ => (Runs, null));
        Row("one epoch", seed => new AshaSpec(first, epochs, epochs / first + 1), seed => (null, new Budget(Epochs: searched[seed])));

        void Row(string search, Func<int, RuleSpec> rule, Func<int, (int? RunCap, Budget? Budget)> limit)
        {
            var (wrongBefore, wrongAfter, single, regretBefore, regretAfter, confirmed) = (0, 0, 0, 0.0, 0.0, 0L);
            for (var seed = 0; seed < seeds; seed++)
            {
                var (cap, budget) = limit(seed);
                var spec = new SweepSpec
                {
                    Name = problem.Function.Name, Method = SearchMethod.Random, Objective = new Objective("value", problem.Function.Goal), Space = problem.Function.Space,
                    Rules = [rule(seed)], RunCap = cap, Budget = budget ?? new Budget(), Epochs = epochs, MaxEpochs = epochs, Seed = (ulong)seed, Trainable = new TrainableSpec.Table(""),
                };
                var state = VirtualSweep.Run(spec, Train, 4, SearchFactory.Create, reviews: new SteerAction.Confirm(Compared, Confirmations)).State;
                var race = ConfirmationRace.Of(state, state.Confirmation!);
                var truth = state.Confirmation!.Runs.ToDictionary(run => run, run => problem.Regret(state.Runs[run].Configuration));
                var (before, after) = (state.Confirmation.Runs[0], race.Runs[0].Run);
                wrongBefore += truth[before] > truth.Values.Min() ? 1 : 0;
                wrongAfter += truth[after] > truth.Values.Min() ? 1 : 0;
                single += race.Best.Count == 1 ? 1 : 0;
                (regretBefore, regretAfter) = (regretBefore + truth[before], regretAfter + truth[after]);
                searched[seed] = state.SearchedRuns.Sum(run => (long)run.Epoch);
                confirmed += state.Runs.Where(run => run.Confirms is not null).Sum(run => (long)run.Epoch);
            }
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {problem.Function.Name} | {noise} | {search} | {100 * wrongBefore / seeds} % | {100 * wrongAfter / seeds} % | {regretBefore / seeds:G2} | {regretAfter / seeds:G2} | {100 * single / seeds} % | {searched.Sum() / seeds} | {confirmed / seeds} |"));
        }

        EpochReport Train(SweepRun run, int epoch)
        {
            var bits = SplitMix64.Draw(run.Seed ^ SplitMix64.Hash(run.Configuration.ToString()), problem.IsCurve ? 0 : (ulong)epoch, "$noise");
            var value = problem.Value(run.Configuration, epoch, run.Seed) + noise * MathNet.Numerics.Distributions.Normal.InvCDF(0, 1, ((bits >> 11) + 0.5) / (1UL << 53));
            return new EpochReport(epoch, new Dictionary<string, double> { ["value"] = value }, 1);
        }
    }
}
