using Sweeps.Core.Space;

namespace Sweeps.Core.Search;

/// <summary>The numbers of random configurations of a sweep that satisfy its constraints.</summary>
/// <param name="Draws">The number of configurations, at least 1.</param>
/// <param name="All">The number that satisfies all constraints.</param>
/// <param name="Each">The number that satisfies each constraint, in order.</param>
public sealed record ConstraintShare(int Draws, int All, IReadOnlyList<(Constraint Constraint, int Count)> Each)
{
    private const int MaxDraws = SequenceSearch.MaxRejections;

    /// <summary>Draws random configurations with the sweep's seed.</summary>
    public static ConstraintShare Of(SweepSpec spec) => Of(spec.Space, spec.Constraints, spec.Seed);

    /// <inheritdoc cref="Of(SweepSpec)"/>
    public static ConstraintShare Of(SearchSpace space, IReadOnlyList<Constraint> constraints, ulong seed)
    {
        var sequence = new RandomSequence(seed);
        var (all, each) = (0, new int[constraints.Count]);
        for (var n = 0; n < MaxDraws; n++)
        {
            var configuration = space.Assemble(parameter => parameter.Distribution.Quantile(sequence.Draw(n, 0, parameter)));
            var satisfied = 0;
            for (var i = 0; i < each.Length; i++)
                if (constraints[i].Holds(configuration))
                    (each[i], satisfied) = (each[i] + 1, satisfied + 1);
            all += satisfied == each.Length ? 1 : 0;
        }
        return new ConstraintShare(MaxDraws, all, [.. constraints.Zip(each)]);
    }

    /// <summary>Describes which constraints exclude configurations, as a sentence without a full stop.</summary>
    public string Describe()
    {
        var never = Each.Where(one => one.Count == 0).Select(one => $"'{one.Constraint.Text}'").ToArray();
        if (never.Length > 0)
            return $"none of {Draws:N0} random configurations satisfies the constraint{(never.Length > 1 ? "s" : "")} {string.Join(" and ", never)}";
        var shares = string.Join(", ", Each.Select(one => $"'{one.Constraint.Text}' is satisfied by {one.Count:N0}"));
        return $"{(All == 0 ? "none" : All.ToString("N0"))} of {Draws:N0} random configurations satisf{(All is 0 or 1 ? "ies" : "y")} all constraints ({shares})";
    }
}
