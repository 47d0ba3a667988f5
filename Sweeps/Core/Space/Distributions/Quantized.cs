using System.Globalization;

namespace Sweeps.Core.Space.Distributions;

/// <summary>
/// Another distribution rounded to multiples of q: round(x/q)·q, halves to even, to 12 significant digits, and clipped to its limits
/// where it is uniform or log-uniform.
/// </summary>
/// <param name="Inner">What is rounded.</param>
/// <param name="Q">Above 0.</param>
/// <param name="Integer">q was written as an integer: so are the values.</param>
public sealed record Quantized(Continuous Inner, double Q, bool Integer) : Distribution
{
    /// <inheritdoc/>
    public override string Name => $"q_{Inner.Name}";

    /// <inheritdoc/>
    public override bool NeedsOpenInterval => Inner.NeedsOpenInterval;

    /// <inheritdoc/>
    public override Domain Domain
    {
        get
        {
            var range = (Domain.Range)Inner.Domain;
            return range with { Step = Q, Integer = Integer && range.Low == Math.Floor(range.Low) && range.High == Math.Floor(range.High) };
        }
    }

    /// <summary>Points min, min + q, min + 2q … below max, counted in decimal, for a uniform number; null for any other.</summary>
    public override long? GridSize => Inner is Uniform uniform && Steps(uniform) is { } steps ? (long)steps : null;

    /// <inheritdoc/>
    public override Value Quantile(double u)
    {
        var x = Math.Round(Inner.QuantileNumber(u) / Q) * Q;
        if (Inner.Limits is var (low, high))
            x = Math.Clamp(x, low, high);
        return Typed(double.Parse(x.ToString("G12", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture));
    }

    /// <inheritdoc/>
    public override Value GridValue(long index) =>
        Inner is Uniform uniform ? Typed((double)((decimal)uniform.Min + index * (decimal)Q)) : base.GridValue(index);

    private Value Typed(double x) => Integer && x == Math.Floor(x) && Math.Abs(x) < 1e15 ? new Value.Integer((long)x) : new Value.Number(x);

    private decimal? Steps(Uniform uniform)
    {
        const double Largest = 1e15;
        if (Math.Abs(uniform.Min) > Largest || Math.Abs(uniform.Max) > Largest || Q < 1 / Largest)
            return null;
        return Math.Ceiling(((decimal)uniform.Max - (decimal)uniform.Min) / (decimal)Q);
    }
}
