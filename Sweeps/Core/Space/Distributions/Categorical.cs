using System.Collections.Immutable;

namespace Sweeps.Core.Space.Distributions;

/// <summary>One of k values with equal probability: values[⌊u·k⌋].</summary>
/// <param name="Values">In the file's order, not empty. A value that stands twice is drawn twice as often; a grid takes it once.</param>
public sealed record Categorical(ImmutableArray<Value> Values) : Distribution
{
    private readonly ImmutableArray<Value> distinct = Distinct(Values);

    /// <inheritdoc/>
    public override string Name => "categorical";

    /// <inheritdoc/>
    public override Domain Domain => new Domain.Categories(distinct);

    /// <inheritdoc/>
    public override long? GridSize => distinct.Length;

    /// <inheritdoc/>
    public override Value Quantile(double u) => Values[(int)(u * Values.Length)];

    /// <inheritdoc/>
    public override Value GridValue(long index) => distinct[(int)index];

    /// <summary>The values without repetitions; <c>3.0</c> repeats <c>3</c>.</summary>
    internal static ImmutableArray<Value> Distinct(ImmutableArray<Value> values)
    {
        var seen = new HashSet<Value>();
        return [.. values.Where(value => seen.Add(value is Value.Number { Content: var x } && x == Math.Floor(x) && Math.Abs(x) < 1e15
            ? new Value.Integer((long)x)
            : value))];
    }
}
