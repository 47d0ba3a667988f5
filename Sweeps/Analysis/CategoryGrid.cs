using Sweeps.Core;
using Sweeps.Core.Space;

namespace Sweeps.Analysis;

/// <summary>Categories as they are, with the categorical kernels of the Parzen estimator.</summary>
internal sealed class CategoryGrid(IReadOnlyList<Value> values) : ParameterGrid
{
    protected override int Points => values.Count;

    public override double[] Density(int[] counts)
    {
        var total = counts.Sum() + 1.0;
        var kernels = counts.Count(count => count > 0);
        var other = 1 / (kernels + 1.0 + Points);
        var own = (kernels + 2) * other;
        return Array.ConvertAll(counts, count => (count * own + (total - 1 - count) * other + 1.0 / Points) / total);
    }

    protected override int? Nearest(Value value)
    {
        for (var i = 0; i < values.Count; i++)
            if (Comparing.Same(values[i], value))
                return i;
        return null;
    }
}
