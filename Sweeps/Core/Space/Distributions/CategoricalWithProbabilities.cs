using System.Collections.Immutable;

namespace Sweeps.Core.Space.Distributions;

/// <summary>One of k values with given probabilities: the first i with u &lt; p₀ + … + pᵢ.</summary>
/// <param name="Values">In the file's order, not empty.</param>
/// <param name="Probabilities">One per value, each at least 0, their sum 1 within 10⁻⁵.</param>
public sealed record CategoricalWithProbabilities(ImmutableArray<Value> Values, ImmutableArray<double> Probabilities) : Distribution
{
    /// <inheritdoc/>
    public override string Name => "categorical_w_probabilities";

    /// <inheritdoc/>
    public override Domain Domain => new Domain.Categories(Categorical.Distinct(Values));

    /// <inheritdoc/>
    public override Value Quantile(double u)
    {
        var sum = 0.0;
        var last = 0;
        for (var i = 0; i < Values.Length; i++)
        {
            sum += Probabilities[i];
            if (u < sum)
                return Values[i];
            if (Probabilities[i] > 0)
                last = i;
        }
        return Values[last];
    }
}
