using System.Globalization;
using Sweeps.Core;
using Sweeps.Core.Rules;
using Sweeps.Core.Search;
using Sweeps.Simulation;
using Sweeps.Training;
using Sweeps.Training.Functions;

namespace Benchmarks;

/// <summary>
/// Measures how often the declared best run is not the best one, before and after a confirmation, and the cost of the confirmation. Noise
/// depends on seed and configuration, so pairing by seed does not reduce it. The true value is the noiseless value at full fidelity.
/// </summary>
internal static class ConfirmBenchmark
{
    private const int Runs = 60, Epochs = 9;

    public static void Run(int seeds)
    {
        Console.WriteLine("| function | noise | not the best of the first 3, before | after | regret before | after | told apart | epochs of the search | of the confirmation |");
        Console.WriteLine("|---|---:|---:|---:|---:|---:|---:|---:|---:|");
        foreach (var (name, noise) in new[] { ("branin", 1.0), ("branin", 5.0), ("hartmann3", 0.1), ("hartmann3", 0.5), ("hartmann6", 0.1), ("hartmann6", 0.5), ("currin", 0.5) })
            Row(name, noise, seeds);
    }

    private static void Row(string name, double noise, int seeds)
    {
        var function = FunctionRegistry.Get(name);
        var (wrongBefore, wrongAfter, single, regretBefore, regretAfter, searched, confirmed) = (0, 0, 0, 0.0, 0.0, 0L, 0L);
        for (var seed = 0; seed < seeds; seed++)
        {
            var spec = new SweepSpec
            {
                Name = name, Method = SearchMethod.Random, Objective = new Objective("value", function.Goal), Space = function.Space,
                Rules = [new AshaSpec(1, Epochs, 3)], RunCap = Runs, Epochs = Epochs, MaxEpochs = Epochs, Seed = (ulong)seed,
                Trainable = new TrainableSpec.Function(name, 0, Fidelity.Linear),
            };
            var state = VirtualSweep.Run(spec, Train, 4, SearchFactory.Create, reviews: new SteerAction.Confirm(3, 10)).State;
            var race = ConfirmationRace.Of(state, state.Confirmation!);
            var truth = state.Confirmation!.Runs.ToDictionary(run => run, run => function.Regret(function.Value(state.Runs[run].Configuration, FidelityLevel.Full, 0)));
            var (before, after) = (state.Confirmation.Runs[0], race.Runs[0].Run);
            wrongBefore += truth[before] > truth.Values.Min() ? 1 : 0;
            wrongAfter += truth[after] > truth.Values.Min() ? 1 : 0;
            single += race.Best.Count == 1 ? 1 : 0;
            (regretBefore, regretAfter) = (regretBefore + truth[before], regretAfter + truth[after]);
            searched += state.SearchedRuns.Sum(run => (long)run.Epoch);
            confirmed += state.Runs.Where(run => run.Confirms is not null).Sum(run => (long)run.Epoch);
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {name} | {noise} | {100 * wrongBefore / seeds} % | {100 * wrongAfter / seeds} % | {regretBefore / seeds:G2} | {regretAfter / seeds:G2} | {100 * single / seeds} % | {searched / seeds} | {confirmed / seeds} |"));

        EpochReport Train(SweepRun run, int epoch)
        {
            var value = function.Value(run.Configuration, new FidelityLevel(epoch, Epochs, Fidelity.Linear), run.Seed);
            var bits = SplitMix64.Draw(run.Seed ^ SplitMix64.Hash(run.Configuration.ToString()), (ulong)epoch, "$noise");
            value += noise * MathNet.Numerics.Distributions.Normal.InvCDF(0, 1, ((bits >> 11) + 0.5) / (1UL << 53));
            return new EpochReport(epoch, new Dictionary<string, double> { ["value"] = value }, 1);
        }
    }
}
