using Sweeps.Core;
using Sweeps.Core.Space;

namespace Sweeps.Analysis;

/// <summary>A parameter's values on few points, and a discrete Parzen density over them.</summary>
internal abstract class ParameterGrid
{
    /// <summary>The grid of a domain.</summary>
    public static ParameterGrid Of(Domain domain) => domain switch
    {
        Domain.Categories categories => new CategoryGrid(categories.Values),
        Domain.Range range => new NumberGrid(range),
        _ => throw new ArgumentOutOfRangeException(nameof(domain), domain, "There is no grid for this domain."),
    };

    /// <summary>How many points there are.</summary>
    protected abstract int Points { get; }

    /// <summary>How many values lie at each point; absent values are not counted.</summary>
    public int[] Count(IEnumerable<Value?> values)
    {
        var counts = new int[Points];
        foreach (var value in values)
            if (value is not null && Nearest(value) is { } point)
                counts[point]++;
        return counts;
    }

    /// <summary>
    /// The probability of every point, given the counts: kernels weighted by their counts, and a prior kernel of weight 1.
    /// </summary>
    public abstract double[] Density(int[] counts);

    /// <summary>The point of a value, or null when it is none of the domain's.</summary>
    protected abstract int? Nearest(Value value);
}
