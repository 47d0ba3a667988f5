using System.Collections.Immutable;
using System.Globalization;

namespace Sweeps.Core.Space;

/// <summary>A constant.</summary>
public sealed record Constant(Value Value) : Distribution
{
    public override string Name => "constant";

    public override Domain Domain => new Domain.Categories([Value]);

    public override long? GridSize => 1;

    public override Value Quantile(double u) => Value;

    public override Value GridValue(long index) => Value;
}

/// <summary>One of k values with equal probability: values[⌊u·k⌋].</summary>
/// <param name="Values">The values in the file's order, not empty. A repeated value is drawn more often; a grid contains it once.</param>
public sealed record Categorical(ImmutableArray<Value> Values) : Distribution
{
    private readonly ImmutableArray<Value> distinct = Distinct(Values);

    public override string Name => "categorical";

    public override Domain Domain => new Domain.Categories(distinct);

    public override long? GridSize => distinct.Length;

    public override Value Quantile(double u) => First(distinct, Values[(int)(u * Values.Length)]);

    public override Value GridValue(long index) => distinct[(int)index];

    /// <summary>The values without repetitions; <c>3.0</c> repeats <c>3</c>.</summary>
    internal static ImmutableArray<Value> Distinct(ImmutableArray<Value> values)
    {
        var seen = new HashSet<Value>();
        return [.. values.Where(value => seen.Add(value is Value.Number { Content: var x } && x == Math.Floor(x) && Math.Abs(x) < 1e15
            ? new Value.Integer((long)x)
            : value))];
    }

    /// <summary>The first of equal values, so that a draw of <c>3.0</c> is not a different configuration than one of <c>3</c>.</summary>
    internal static Value First(ImmutableArray<Value> distinct, Value value) => distinct.First(one => ValueComparison.Same(one, value));
}

/// <summary>One of k values with given probabilities: the first i with u &lt; p₀ + … + pᵢ.</summary>
/// <param name="Values">The values in the file's order, not empty.</param>
/// <param name="Probabilities">One per value, each at least 0, their sum 1 within 10⁻⁵.</param>
public sealed record CategoricalWithProbabilities(ImmutableArray<Value> Values, ImmutableArray<double> Probabilities) : Distribution
{
    private readonly ImmutableArray<Value> distinct = Categorical.Distinct(Values);

    public override string Name => "categorical_w_probabilities";

    public override Domain Domain => new Domain.Categories(distinct);

    public override long? DrawnSize => distinct.Length;

    public override Value DrawnValue(long index) => distinct[(int)index];

    public override Value Quantile(double u)
    {
        var sum = 0.0;
        var last = 0;
        for (var i = 0; i < Values.Length; i++)
        {
            sum += Probabilities[i];
            if (u < sum)
                return Categorical.First(distinct, Values[i]);
            if (Probabilities[i] > 0)
                last = i;
        }
        return Categorical.First(distinct, Values[last]);
    }
}

/// <summary>A whole number in [<paramref name="Min"/>, <paramref name="Max"/>], both included: min + ⌊u·(max − min + 1)⌋.</summary>
/// <param name="Min">The lower limit, at least −2⁵³.</param>
/// <param name="Max">The upper limit, above min, at most 2⁵³.</param>
public sealed record IntUniform(long Min, long Max) : Distribution
{
    public override string Name => "int_uniform";

    public override Domain Domain => new Domain.Range(Min, Max, Logarithmic: false, Step: 1, Integer: true);

    public override long? GridSize => Max - Min + 1;

    public override Value Quantile(double u) => new Value.Integer(Math.Min(Max, Min + (long)Math.Floor(u * (Max - Min + 1))));

    public override Value GridValue(long index) => new Value.Integer(Min + index);
}

/// <summary>
/// Another distribution rounded to multiples of q: round(x/q)·q, half to even, to 12 significant digits. Uniform and log-uniform values are
/// clipped to their limits.
/// </summary>
/// <param name="Inner">The rounded distribution.</param>
/// <param name="Q">The step q, above 0.</param>
/// <param name="Integer">Whether q is an integer in the file: then values are integers too.</param>
public sealed record Quantized(Continuous Inner, double Q, bool Integer) : Distribution
{
    /// <summary>The largest number of multiples; beyond 2⁵³ not every one is a double.</summary>
    private const double MaxMultiples = 1L << 53;

    public override string Name => $"q_{Inner.Name}";

    public override bool NeedsOpenInterval => Inner.NeedsOpenInterval;

    public override Domain Domain
    {
        get
        {
            var range = (Domain.Range)Inner.Domain;
            return range with { Step = Q, Integer = Integer && range.Low == Math.Floor(range.Low) && range.High == Math.Floor(range.High) };
        }
    }

    /// <summary>
    /// For a uniform distribution the number of points min, min + q, min + 2q … below max, counted in decimal arithmetic and at most
    /// <see cref="long.MaxValue"/>; otherwise null.
    /// </summary>
    public override long? GridSize => Inner is Uniform uniform ? Steps(uniform) : null;

    /// <summary>For a distribution with limits the number of multiples to which its values are rounded; else null.</summary>
    public override long? DrawnSize => Multiples is var (first, last) && last - first < MaxMultiples ? (long)(last - first) + 1 : null;

    public override Value DrawnValue(long index) => Multiple(Multiples!.Value.First + index);

    public override Value Quantile(double u) => Multiple(Math.Round(Inner.QuantileNumber(u) / Q));

    /// <summary>The first and the last multiple of q to which the values within the limits are rounded.</summary>
    private (double First, double Last)? Multiples =>
        Inner.Limits is var (low, high) ? (Math.Floor(low / Q + 0.5), Math.Ceiling(high / Q - 0.5)) : null;

    public override Value GridValue(long index) =>
        Inner is Uniform uniform ? Typed(index == 0 ? uniform.Min : (double)((decimal)uniform.Min + index * (decimal)Q)) : base.GridValue(index);

    private Value Multiple(double n)
    {
        var x = n * Q;
        if (Inner.Limits is var (low, high))
            x = Math.Clamp(x, low, high);
        return Typed(double.Parse(x.ToString("G12", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture));
    }

    private bool Whole => Integer && (Inner.Limits is not var (low, high) || (low == Math.Floor(low) && high == Math.Floor(high)));

    private Value Typed(double x) => Whole && x == Math.Floor(x) && Math.Abs(x) < 1e15 ? new Value.Integer((long)x) : new Value.Number(x);

    private long? Steps(Uniform uniform)
    {
        const double MaxMagnitude = 1e15;
        if (Math.Abs(uniform.Min) > MaxMagnitude || Math.Abs(uniform.Max) > MaxMagnitude || Q < 1 / MaxMagnitude)
            return null;
        // Compare in doubles first: a conversion to decimal or long throws for a q above 10²⁸ and for more than 9·10¹⁸ steps.
        return ((uniform.Max - uniform.Min) / Q) switch
        {
            <= 1 => 1,
            >= long.MaxValue => long.MaxValue,
            _ => (long)Math.Ceiling(((decimal)uniform.Max - (decimal)uniform.Min) / (decimal)Q),
        };
    }
}
