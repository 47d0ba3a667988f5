namespace Sweeps.Core.Space.Distributions;

/// <summary>Always the same value.</summary>
public sealed record Constant(Value Value) : Distribution
{
    /// <inheritdoc/>
    public override string Name => "constant";

    /// <inheritdoc/>
    public override Domain Domain => new Domain.Categories([Value]);

    /// <inheritdoc/>
    public override long? GridSize => 1;

    /// <inheritdoc/>
    public override Value Quantile(double u) => Value;

    /// <inheritdoc/>
    public override Value GridValue(long index) => Value;
}
