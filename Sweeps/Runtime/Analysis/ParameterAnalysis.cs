using Sweeps.Core;

namespace Sweeps.Analysis;

/// <summary>How much each parameter mattered, over the runs that reached a common epoch.</summary>
/// <param name="Epoch">The epoch whose values are compared.</param>
/// <param name="Compared">How many runs reached it.</param>
/// <param name="Used">How many of them were analysed: all, or evenly spaced ones where a limit was given.</param>
/// <param name="Rows">One per parameter that varies, most important first.</param>
public sealed record ParameterAnalysis(int Epoch, int Compared, int Used, IReadOnlyList<ImportanceRow> Rows)
{
    /// <summary>Analyses a state. Returns null before two runs have reached a common rung.</summary>
    /// <param name="state">The sweep.</param>
    /// <param name="most">The most runs that are analysed, at least 2: the time of a forest grows with them.</param>
    public static ParameterAnalysis? Of(SweepState state, int most = int.MaxValue)
    {
        var (spec, runs) = (state.Spec, state.Runs);
        var curves = runs.Select(run => new RunCurve(run.Number, run.Configuration, run.Curve.ToArray())).ToList();
        var rungs = state.Rungs.Select(rung => rung.Epoch).Append(runs.Select(run => run.MaxEpochs).DefaultIfEmpty(1).Max()).Distinct().ToList();
        if (ComparedRuns.Choose(curves, rungs, spec.Space.Parameters.Count) is not { Samples.Count: >= 2 } compared)
            return null;
        var samples = compared.Samples;
        if (samples.Count > most)
            samples = [.. Enumerable.Range(0, most).Select(i => compared.Samples[(int)((long)i * compared.Samples.Count / most)])];
        var ped = PedAnova.Of(spec.Space, samples).ToDictionary(one => one.Parameter, one => one.Share);
        var correlations = Correlations.Of(spec.Space, samples).ToLookup(one => one.Parameter);
        return new ParameterAnalysis(compared.Epoch, compared.Samples.Count, samples.Count, [.. Fanova.Of(spec.Space, samples, spec.Seed).Select(one => new ImportanceRow(
            one.Parameter, one.Share, ped.GetValueOrDefault(one.Parameter), [.. correlations[one.Parameter].Select(row => Orient(row, spec.Objective))]))]);
    }

    // The analysis minimizes; correlations are shown with the values as they were reported.
    private static Correlation Orient(Correlation row, Objective objective) => objective.Goal == Goal.Maximize
        ? row with { Pearson = -row.Pearson, Spearman = -row.Spearman }
        : row;
}

/// <summary>The importance of one parameter.</summary>
/// <param name="Parameter">Its full name.</param>
/// <param name="Fanova">Its share of the variance over the space, in [0, 1].</param>
/// <param name="PedAnova">Its share of the difference between the best tenth and the rest, in [0, 1].</param>
/// <param name="Correlations">With the objective as it is reported: one row for a number, one per category.</param>
public sealed record ImportanceRow(string Parameter, double Fanova, double PedAnova, IReadOnlyList<Correlation> Correlations);
