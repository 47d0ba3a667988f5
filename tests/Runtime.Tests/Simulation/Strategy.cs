using Sweeps.Core;
using Sweeps.Core.Rules;
using Sweeps.Core.Search;
using Sweeps.Simulation;
using Sweeps.Training;
using Sweeps.Training.Functions;

namespace Runtime.Tests.Simulation;

/// <summary>A problem and the number of epochs of a full training.</summary>
/// <param name="Function">The function.</param>
/// <param name="Epochs">The epochs of a full training.</param>
/// <param name="IsCurve">
/// Whether the value of a run is that of its best epoch, as in training. For other functions, earlier epochs only approximate the last one.
/// </param>
internal sealed record Problem(ClosedForm Function, int Epochs, bool IsCurve = false)
{
    /// <summary>The closed-form problems of docs/search.md, 6.</summary>
    public static IReadOnlyList<Problem> ClosedForms { get; } =
        [.. ((string[])["branin", "currin", "hartmann3", "hartmann6", "counting_ones", "mixed", "height", "learning_curves"]).Select(name => new Problem(FunctionRegistry.Get(name), 27, name == "learning_curves"))];

    /// <summary>The tasks of TaskSet; needs the real data.</summary>
    public static IReadOnlyList<Problem> Recorded => [.. NearestRow.Tasks.Select(task => new Problem(NearestRow.Load(task), NearestRow.Epochs, IsCurve: true))];

    /// <summary>The noiseless simple regret of a fully trained configuration.</summary>
    public double Regret(Configuration configuration) => Enumerable.Range(IsCurve ? 1 : Epochs, IsCurve ? Epochs : 1).Min(epoch => Function.Regret(Value(configuration, epoch, 0)));

    public double Value(Configuration configuration, int epoch, ulong seed) => Function.Value(configuration, new FidelityLevel(epoch, Epochs, Fidelity.Linear), seed);
}

/// <summary>A search method with at most one rule.</summary>
/// <param name="Name">The name in a table.</param>
/// <param name="Method">The method.</param>
/// <param name="Rule">Returns the rule for a number of epochs; null for none.</param>
internal sealed record Strategy(string Name, SearchMethod Method, Func<int, RuleSpec>? Rule = null)
{
    /// <summary>The budget of a sweep in full trainings, and its slots.</summary>
    private const int Trainings = 60, Slots = 4;

    /// <summary>The number of runs that the one-epoch baseline trains to the end.</summary>
    private const int Kept = 30;

    public static Strategy Random { get; } = new("random", SearchMethod.Random);

    /// <summary>The strategies that are compared with random search.</summary>
    public static IReadOnlyList<Strategy> All { get; } =
    [
        new("sobol", SearchMethod.Sobol),
        new("halton", SearchMethod.Halton),
        new("tpe", SearchMethod.Tpe),
        new("bayes", SearchMethod.Bayes),
        new("BOHB (tpe, hyperband_brackets)", SearchMethod.Tpe, epochs => new SuccessiveHalvingSpec(1, epochs, 3, AllBrackets: true)),
        new("tpe, asha", SearchMethod.Tpe, epochs => new AshaSpec(1, epochs, 3)),
        new("random, asha", SearchMethod.Random, epochs => new AshaSpec(1, epochs, 3)),
        new("random, asha_stopping", SearchMethod.Random, epochs => new AshaStoppingSpec(1, epochs, 3, AshaComparison.Optuna)),
        new("random, successive_halving", SearchMethod.Random, epochs => new SuccessiveHalvingSpec(1, epochs, 3)),
        new("random, hyperband_brackets", SearchMethod.Random, epochs => new SuccessiveHalvingSpec(1, epochs, 3, AllBrackets: true)),
        new("random, median", SearchMethod.Random, _ => new MedianSpec(5, 5)),
    ];

    /// <summary>The regret of the run that a sweep declares the best.</summary>
    public double Regret(Problem problem, int seed)
    {
        var (function, epochs) = (problem.Function, problem.Epochs);
        var spec = new SweepSpec
        {
            Name = Name, Method = Method, Objective = new Objective("value", function.Goal), Space = function.Space,
            Rules = Rule is null ? [] : [Rule(epochs)], Budget = new Budget(Epochs: Trainings * epochs), Epochs = epochs, MaxEpochs = epochs,
            Seed = (ulong)seed, Trainable = new TrainableSpec.Table(""),
        };
        return problem.Regret(VirtualSweep.Run(spec, Train, Slots, SearchFactory.Create).State.Best!.Configuration);

        EpochReport Train(SweepRun run, int epoch) => new(epoch, new Dictionary<string, double> { ["value"] = problem.Value(run.Configuration, epoch, run.Seed) }, 1);
    }

    /// <summary>
    /// The one-epoch baseline with the same number of epochs: random configurations are trained for one epoch, and the best 30 to the end
    /// (Egele et al. 2023, "Is one epoch all you need for multi-fidelity hyperparameter optimization?").
    /// </summary>
    public static double OneEpochRegret(Problem problem, int seed)
    {
        var (function, epochs) = (problem.Function, problem.Epochs);
        var search = new SequenceSearch(function.Space, [], new RandomSequence((ulong)seed));
        var sign = function.Goal == Goal.Maximize ? -1 : 1;
        return Enumerable.Range(0, Trainings * epochs - Kept * (epochs - 1)).Select(n => search.Propose(n, 0, new NoResults())!.Configuration)
            .OrderBy(configuration => sign * problem.Value(configuration, 1, (ulong)seed)).Take(Kept)
            .Min(problem.Regret);
    }

    private sealed record NoResults : IHistory
    {
        public IReadOnlyList<Observation> Observations => [];
    }
}

/// <summary>The mean of a sample and its standard error.</summary>
internal readonly record struct SampleMean(double Mean, double Error)
{
    public static SampleMean Of(IReadOnlyCollection<double> values)
    {
        var mean = values.Average();
        return new(mean, Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / Math.Max(1, values.Count - 1) / values.Count));
    }

    /// <summary>The difference from another mean in standard errors of the difference; 0 for equal samples.</summary>
    public double Above(SampleMean other) => Mean == other.Mean ? 0 : (Mean - other.Mean) / Math.Sqrt(Error * Error + other.Error * other.Error);
}
