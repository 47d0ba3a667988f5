using Sweeps.Core.Rules;
using Sweeps.Core.Search.Bayes;
using Sweeps.Core.Search.Tpe;
using Sweeps.Core.Space;

namespace Sweeps.Core.Search;

/// <summary>
/// A method that proposes configurations. A new method is a class that implements <see cref="ISearch"/> and one entry of <see cref="All"/>.
/// </summary>
/// <param name="Name">The name in a sweep file.</param>
/// <param name="Create">Creates the search with the seed, the space and the constraints of a sweep.</param>
/// <param name="NeedsMetric">Whether proposals depend on the objective, so that a sweep file must name one.</param>
public sealed record SearchMethod(string Name, Func<SweepSpec, ISearch> Create, bool NeedsMetric = false)
{
    /// <summary>Every point of a grid once, in order or shuffled.</summary>
    public static SearchMethod Grid { get; } = new("grid", CreateGrid);

    /// <summary>Independent random points.</summary>
    public static SearchMethod Random { get; } = new(
        "random", spec => new SequenceSearch(spec.Space, spec.Constraints, new RandomSequence(spec.Seed)));

    /// <summary>Gaussian process with expected improvement.</summary>
    public static SearchMethod Bayes { get; } = new(
        "bayes",
        spec => new BayesSearch(spec.Space, spec.Constraints, spec.Seed, spec.Objective.Impute, spec.Objective.ImputeWhileRunning),
        NeedsMetric: true);

    /// <summary>Tree-structured Parzen estimator.</summary>
    public static SearchMethod Tpe { get; } = new(
        "tpe",
        spec => new TpeSearch(
            spec.Space, spec.Constraints, spec.Seed, hasRungs: spec.Rules.Any(rule => rule.Plan(spec.MaxEpochs) is not null)),
        NeedsMetric: true);

    /// <summary>A scrambled Sobol sequence.</summary>
    public static SearchMethod Sobol { get; } = new(
        "sobol", spec => new SequenceSearch(spec.Space, spec.Constraints, new SobolSequence(spec.Seed, spec.Space)));

    /// <summary>A scrambled Halton sequence.</summary>
    public static SearchMethod Halton { get; } = new(
        "halton", spec => new SequenceSearch(spec.Space, spec.Constraints, new HaltonSequence(spec.Seed, spec.Space)));

    /// <summary>All methods, in the order in which messages list them.</summary>
    public static IReadOnlyList<SearchMethod> All { get; } = [Grid, Random, Bayes, Tpe, Sobol, Halton];

    private static GridSearch CreateGrid(SweepSpec spec)
    {
        var grid = new GridSpace(spec.Space);
        return new GridSearch(grid, spec.Constraints, spec.Shuffle ? new Permutation(spec.Seed, grid.Size) : null);
    }
}

public static class SearchFactory
{
    /// <summary>Creates the search of a sweep's method.</summary>
    public static ISearch Create(SweepSpec spec) => spec.Method.Create(spec);
}
