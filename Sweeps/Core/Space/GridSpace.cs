using System.Numerics;

namespace Sweeps.Core.Space;

/// <summary>
/// The points of a space that steps, numbered from 0 and found by mixed-radix digits: nothing is enumerated, so 10¹² points cost
/// nothing. Parents come before their children, the last parameter varies fastest, and an inactive parameter is one digit, so that every
/// configuration has one number. Counts that pass <see cref="long.MaxValue"/> stay there.
/// </summary>
public sealed class GridSpace
{
    private readonly Axis[] axes;
    private readonly Dictionary<(int Axis, BigInteger Dead), long> counts = [];

    /// <summary>Throws <see cref="ArgumentException"/> when a parameter has no grid.</summary>
    public GridSpace(SearchSpace space)
    {
        var order = space.ParentsFirst;
        axes = new Axis[order.Count];
        for (var i = 0; i < axes.Length; i++)
            axes[i] = Axis.Of(order, i);
        Size = Count(0, BigInteger.Zero);
    }

    /// <summary>The number of configurations.</summary>
    public long Size { get; }

    /// <summary>
    /// The first point from number <paramref name="n"/> on that keeps every constraint, with its number, or null when there is none. A part
    /// of the grid in which the digits so far already break a constraint is skipped whole; after <paramref name="longestWalk"/> of them the
    /// walk gives up.
    /// </summary>
    public (long Number, Configuration Configuration)? At(long n, IReadOnlyList<Constraint> constraints, int longestWalk)
    {
        for (var step = 0; n < Size && step < longestWalk; step++)
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
        var dead = BigInteger.Zero;
        var values = new Dictionary<string, Value>(axes.Length);
        for (var i = 0; i < axes.Length; i++)
        {
            var axis = axes[i];
            if (IsDead(dead, i))
            {
                dead |= axis.Children;
                continue;
            }
            foreach (var segment in axis.Segments)
            {
                var below = Count(i + 1, dead | segment.Kills);
                var size = Multiply(segment.Length, below);
                if (n >= size)
                {
                    n -= size;
                    continue;
                }
                var digit = n / below;
                n -= digit * below;
                values.Add(axis.Parameter.Name, axis.Parameter.Distribution.GridValue(segment.Start + digit));
                dead |= segment.Kills;
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

    private long Count(int i, BigInteger dead)
    {
        if (i == axes.Length)
            return 1;
        var relevant = dead >> i;
        if (counts.TryGetValue((i, relevant), out var known))
            return known;
        long count = 0;
        if (IsDead(dead, i))
            count = Count(i + 1, dead | axes[i].Children);
        else
            foreach (var segment in axes[i].Segments)
                count = Add(count, Multiply(segment.Length, Count(i + 1, dead | segment.Kills)));
        return counts[(i, relevant)] = count;
    }

    private static bool IsDead(BigInteger dead, int i) => !(dead >> i).IsEven;

    private static long Add(long a, long b) => a > long.MaxValue - b ? long.MaxValue : a + b;

    private static long Multiply(long a, long b) => (Int128)a * b > long.MaxValue ? long.MaxValue : a * b;

    /// <summary>A run of neighbouring digits with the same effect on the parameters below: those in <paramref name="Kills"/> are inactive.</summary>
    private sealed record Segment(long Start, long Length, BigInteger Kills);

    /// <summary>One parameter: its digits in segments, and the positions of its children as bits.</summary>
    private sealed record Axis(Parameter Parameter, IReadOnlyList<Segment> Segments, BigInteger Children)
    {
        public static Axis Of(IReadOnlyList<Parameter> order, int position)
        {
            var parameter = order[position];
            var size = parameter.Distribution.GridSize
                ?? throw new ArgumentException($"A grid cannot step through '{parameter.Name}' ({parameter.Distribution.Name}).", nameof(order));
            var children = Enumerable.Range(position + 1, order.Count - position - 1)
                .Where(i => order[i].When.ContainsKey(parameter.Name)).ToArray();
            var all = children.Aggregate(BigInteger.Zero, (bits, child) => bits | BigInteger.One << child);
            if (children.Length == 0)
                return new Axis(parameter, [new Segment(0, size, BigInteger.Zero)], all);

            var segments = new List<Segment>();
            var named = children.SelectMany(child => order[child].When[parameter.Name]).ToList();
            foreach (var digit in Digits(parameter.Distribution, size, named))
            {
                var value = parameter.Distribution.GridValue(digit);
                var kills = children.Where(child => !Parameter.Allows(order[child].When[parameter.Name], value))
                    .Aggregate(BigInteger.Zero, (bits, child) => bits | BigInteger.One << child);
                var end = segments.Count == 0 ? 0 : segments[^1].Start + segments[^1].Length;
                if (digit > end)
                    segments.Add(new Segment(end, digit - end, all));
                segments.Add(new Segment(digit, 1, kills));
            }
            var last = segments.Count == 0 ? 0 : segments[^1].Start + segments[^1].Length;
            if (last < size)
                segments.Add(new Segment(last, size - last, all));
            return new Axis(parameter, segments, all);
        }

        /// <summary>The digits whose values a condition names, in order; all others switch every child off.</summary>
        private static IEnumerable<long> Digits(Distribution distribution, long size, List<Value> named) => distribution is IntUniform range
            ? named.Select(value => value.AsDouble()).Where(x => x == Math.Floor(x ?? double.NaN) && x >= range.Min && x <= range.Max)
                .Select(x => (long)x! - range.Min).Distinct().Order()
            : Enumerable.Range(0, (int)size).Select(i => (long)i).Where(i => Parameter.Allows(named, distribution.GridValue(i)));
    }
}
