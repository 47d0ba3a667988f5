using Sweeps.Core;
using Sweeps.Training.Functions;
using Sweeps.Training;

namespace Sweeps.Simulation;

/// <summary>
/// How far a run whose best value, as reported, is <paramref name="value"/> is from the best there is: at least 0 where every value counts.
/// </summary>
public delegate double Regret(SweepRun run, double value);

/// <summary>The yardsticks of simulated sweeps.</summary>
public static class Regrets
{
    /// <summary>
    /// The yardstick of what a sweep trains, or null when the best there is is not known. A function: how far the run's configuration is from
    /// the optimum at full fidelity and without noise. A table: the value on a scale where 0 is the best of the table and 1 its median row
    /// (docs/rules.md, 9).
    /// </summary>
    public static Regret? Of(SweepSpec spec, ITrainable trainable) => trainable switch
    {
        FunctionTrainable { Function: var function } when spec.Objective.Goal == function.Goal && spec.Objective.Name == FunctionTrainable.Metric =>
            (run, _) => function.Regret(function.Value(run.Configuration, Last(spec, run), run.Seed)),
        TableTrainable { Curves: var curves } => OfTable(spec, curves),
        _ => null,
    };

    private static Level Last(SweepSpec spec, SweepRun run)
    {
        var epochs = spec.EpochsOf(run.Configuration);
        return new Level(epochs, epochs, Fidelity.Linear);
    }

    private static Regret? OfTable(SweepSpec spec, LearningCurves curves)
    {
        if (curves[spec.Objective.Name] is not { } rows)
            return null;
        var best = Array.ConvertAll(rows, row => row.Take(spec.MaxEpochs).Where(double.IsFinite).Select(spec.Objective.Orient).DefaultIfEmpty(double.PositiveInfinity).Min());
        Array.Sort(best);
        var (least, median) = (best[0], best[best.Length / 2]);
        return double.IsFinite(median) && median > least ? (_, value) => (spec.Objective.Orient(value) - least) / (median - least) : null;
    }
}
