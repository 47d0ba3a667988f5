using System.Collections.Immutable;
using System.Globalization;

namespace Sweeps.Core.Space;

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
