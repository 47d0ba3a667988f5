namespace Sweeps.Core.Space.Distributions;

/// <summary>A whole number in [<paramref name="Min"/>, <paramref name="Max"/>], both included: min + ⌊u·(max − min + 1)⌋.</summary>
/// <param name="Min">At least −2⁵³.</param>
/// <param name="Max">Above min, at most 2⁵³.</param>
public sealed record IntUniform(long Min, long Max) : Distribution
{
    /// <inheritdoc/>
    public override string Name => "int_uniform";

    /// <inheritdoc/>
    public override Domain Domain => new Domain.Range(Min, Max, Logarithmic: false, Step: 1, Integer: true);

    /// <inheritdoc/>
    public override long? GridSize => Max - Min + 1;

    /// <inheritdoc/>
    public override Value Quantile(double u) => new Value.Integer(Math.Min(Max, Min + (long)Math.Floor(u * (Max - Min + 1))));

    /// <inheritdoc/>
    public override Value GridValue(long index) => new Value.Integer(Min + index);
}
