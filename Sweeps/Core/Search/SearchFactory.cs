using Sweeps.Core.Rules;
using Sweeps.Core.Search.Bayes;
using Sweeps.Core.Search.Tpe;
using Sweeps.Core.Space;

namespace Sweeps.Core.Search;

public static class SearchFactory
{
    /// <summary>Creates the search of a sweep's method with its seed, space and constraints.</summary>
    public static ISearch Create(SweepSpec spec) => spec.Method switch
    {
        SearchMethod.Grid => Grid(spec),
        SearchMethod.Random => new SequenceSearch(spec.Space, spec.Constraints, new RandomSequence(spec.Seed)),
        SearchMethod.Sobol => new SequenceSearch(spec.Space, spec.Constraints, new SobolSequence(spec.Seed, spec.Space)),
        SearchMethod.Halton => new SequenceSearch(spec.Space, spec.Constraints, new HaltonSequence(spec.Seed, spec.Space)),
        SearchMethod.Tpe => new TpeSearch(
            spec.Space, spec.Constraints, spec.Seed, largestRung: spec.Rules.OfType<SuccessiveHalvingSpec>().Any(rule => rule.AllBrackets)),
        SearchMethod.Bayes => new BayesSearch(
            spec.Space, spec.Constraints, spec.Seed, spec.Objective.Impute, spec.Objective.ImputeWhileRunning),
        _ => throw new ArgumentOutOfRangeException(nameof(spec), spec.Method, "There is no search for this method."),
    };

    private static GridSearch Grid(SweepSpec spec)
    {
        var grid = new GridSpace(spec.Space);
        return new GridSearch(grid, spec.Constraints, spec.Shuffle ? new Permutation(spec.Seed, grid.Size) : null);
    }
}
