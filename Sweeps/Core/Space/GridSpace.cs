using System.Numerics;

namespace Sweeps.Core.Space;

/// <summary>
/// The points of a discrete space, numbered from 0 by mixed-radix digits. Points are decoded, not enumerated, so a space may have 10¹² of them.
/// Parents come before their children, the last parameter varies fastest, and an inactive parameter has one digit, so that every configuration
/// has exactly one number. Counts saturate at <see cref="long.MaxValue"/>.
/// </summary>
internal sealed class GridSpace
{
    /// <summary>The largest number of points that are visited to count or to find points.</summary>
    public const int MaxSteps = 1_000_000;

    private readonly Axis[] axes;
    private readonly Dictionary<(int Axis, BigInteger Inactive), long> counts = [];

    /// <summary>The points of a grid. Throws <see cref="ArgumentException"/> when a parameter is not discrete.</summary>
    public GridSpace(SearchSpace space) : this(space, drawn: false) { }

    private GridSpace(SearchSpace space, bool drawn)
    {
        var order = space.ParentsFirst;
        axes = new Axis[order.Count];
        for (var i = 0; i < axes.Length; i++)
            axes[i] = Axis.Of(order, i, drawn);
        Size = Count(0, BigInteger.Zero);
    }

    /// <summary>
    /// The configurations that can be drawn from a space, by random search, Sobol points and models. A grid may have other points, because
    /// it steps from the lower limit. Null when a parameter has infinitely many or more than <see cref="MaxSteps"/> values, or when there
    /// is no parameter.
    /// </summary>
    public static GridSpace? OfDraws(SearchSpace space) =>
        space.Parameters.Count > 0 && space.Parameters.All(parameter => parameter.Distribution.DrawnSize is <= MaxSteps) ? new GridSpace(space, drawn: true) : null;

    public long Size { get; }

    /// <summary>
    /// The first point from number <paramref name="n"/> on that satisfies every constraint, with its number, or null. If the first digits
    /// already violate a constraint, all points with these digits are skipped in one step. Returns null after <paramref name="maxSteps"/>
    /// steps.
    /// </summary>
    public (long Number, Configuration Configuration)? At(long n, IReadOnlyList<Constraint> constraints, int maxSteps)
    {
        for (var step = 0; n < Size && step < maxSteps; step++)
        {
            var (configuration, skip) = Decode(n, constraints);
            if (configuration is not null)
                return (n, configuration);
            n = Add(n, skip);
        }
        return null;
    }

    /// <summary>The point with number <paramref name="n"/>, 0 ≤ n &lt; <see cref="Size"/>.</summary>
    public Configuration this[long n] => Decode(n, []).Configuration!;

    private (Configuration? Configuration, long Skip) Decode(long n, IReadOnlyList<Constraint> constraints)
    {
        var inactive = BigInteger.Zero;
        var values = new Dictionary<string, Value>(axes.Length);
        for (var i = 0; i < axes.Length; i++)
        {
            var axis = axes[i];
            if (IsInactive(inactive, i))
            {
                inactive |= axis.Children;
                continue;
            }
            foreach (var segment in axis.Segments)
            {
                var below = Count(i + 1, inactive | segment.Inactive);
                var size = Multiply(segment.Length, below);
                if (n >= size)
                {
                    n -= size;
                    continue;
                }
                var digit = n / below;
                n -= digit * below;
                values.Add(axis.Parameter.Name, axis.Value(segment.Start + digit));
                inactive |= segment.Inactive;
                if (constraints.Count > 0 && !Holds(constraints, values))
                    return (null, below - n);
                break;
            }
        }
        return (new Configuration(values), 0);
    }

    private static bool Holds(IReadOnlyList<Constraint> constraints, Dictionary<string, Value> values)
    {
        var partial = new Configuration(values);
        return constraints.All(constraint => constraint.Holds(partial));
    }

    private long Count(int i, BigInteger inactive)
    {
        if (i == axes.Length)
            return 1;
        var relevant = inactive >> i;
        if (counts.TryGetValue((i, relevant), out var known))
            return known;
        long count = 0;
        if (IsInactive(inactive, i))
            count = Count(i + 1, inactive | axes[i].Children);
        else
            foreach (var segment in axes[i].Segments)
                count = Add(count, Multiply(segment.Length, Count(i + 1, inactive | segment.Inactive)));
        return counts[(i, relevant)] = count;
    }

    private static bool IsInactive(BigInteger inactive, int i) => !(inactive >> i).IsEven;

    private static long Add(long a, long b) => a > long.MaxValue - b ? long.MaxValue : a + b;

    private static long Multiply(long a, long b) => (Int128)a * b > long.MaxValue ? long.MaxValue : a * b;

    /// <summary>Consecutive digits under which the same children, <paramref name="Inactive"/>, are inactive.</summary>
    private sealed record Segment(long Start, long Length, BigInteger Inactive);

    /// <summary>One parameter: its digits in segments, and the positions of its children as a bit set.</summary>
    private sealed record Axis(Parameter Parameter, Func<long, Value> Value, IReadOnlyList<Segment> Segments, BigInteger Children)
    {
        public static Axis Of(IReadOnlyList<Parameter> order, int position, bool drawn)
        {
            var parameter = order[position];
            Func<long, Value> valueAt = drawn ? parameter.Distribution.DrawnValue : parameter.Distribution.GridValue;
            var size = (drawn ? parameter.Distribution.DrawnSize : parameter.Distribution.GridSize)
                ?? throw new ArgumentException($"A grid cannot step through '{parameter.Name}' ({parameter.Distribution.Name}).", nameof(order));
            var children = Enumerable.Range(position + 1, order.Count - position - 1)
                .Where(i => order[i].When.ContainsKey(parameter.Name)).ToArray();
            var all = children.Aggregate(BigInteger.Zero, (bits, child) => bits | BigInteger.One << child);
            if (children.Length == 0)
                return new Axis(parameter, valueAt, [new Segment(0, size, BigInteger.Zero)], all);

            var segments = new List<Segment>();
            var named = children.SelectMany(child => order[child].When[parameter.Name]).ToList();
            foreach (var digit in Digits(parameter.Distribution, valueAt, size, named))
            {
                var value = valueAt(digit);
                var inactive = children.Where(child => !Parameter.Allows(order[child].When[parameter.Name], value))
                    .Aggregate(BigInteger.Zero, (bits, child) => bits | BigInteger.One << child);
                var end = segments.Count == 0 ? 0 : segments[^1].Start + segments[^1].Length;
                if (digit > end)
                    segments.Add(new Segment(end, digit - end, all));
                segments.Add(new Segment(digit, 1, inactive));
            }
            var last = segments.Count == 0 ? 0 : segments[^1].Start + segments[^1].Length;
            if (last < size)
                segments.Add(new Segment(last, size - last, all));
            return new Axis(parameter, valueAt, segments, all);
        }

        /// <summary>The digits whose values occur in a condition, in order. Under all other digits every child is inactive.</summary>
        private static IEnumerable<long> Digits(Distribution distribution, Func<long, Value> valueAt, long size, List<Value> named) => distribution is IntUniform range
            ? named.Select(value => value.AsDouble()).Where(x => x == Math.Floor(x ?? double.NaN) && x >= range.Min && x <= range.Max)
                .Select(x => (long)x! - range.Min).Distinct().Order()
            : Enumerable.Range(0, (int)size).Select(i => (long)i).Where(i => Parameter.Allows(named, valueAt(i)));
    }
}
