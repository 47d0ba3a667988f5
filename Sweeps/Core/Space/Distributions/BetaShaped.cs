using MathNet.Numerics;

namespace Sweeps.Core.Space.Distributions;

/// <summary>A number in [0, 1] with the Beta(a, b) distribution.</summary>
/// <param name="A">The first shape, above 0.</param>
/// <param name="B">The second shape, above 0.</param>
public sealed record BetaShaped(double A, double B) : Continuous
{
    /// <inheritdoc/>
    public override string Name => "beta";

    /// <inheritdoc/>
    public override bool NeedsOpenInterval => true;

    /// <summary>
    /// The inverse of the regularised incomplete beta function, by bisection over the bit patterns of [0, 1]: positive doubles are ordered
    /// like their bits, so that a quantile near 0 is as exact as one near ½.
    /// </summary>
    public override double QuantileNumber(double u)
    {
        var (low, high) = (0L, BitConverter.DoubleToInt64Bits(1.0));
        while (high - low > 1)
        {
            var middle = low + (high - low) / 2;
            if (SpecialFunctions.BetaRegularized(A, B, BitConverter.Int64BitsToDouble(middle)) < u)
                low = middle;
            else
                high = middle;
        }
        return BitConverter.Int64BitsToDouble(high);
    }
}
