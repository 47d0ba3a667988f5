using System.Numerics;

namespace Sweeps.Analysis;

/// <summary>A box's extent along one axis: an interval of [0, 1], or a set of categories.</summary>
/// <param name="Low">The lower end of an interval.</param>
/// <param name="High">The upper end of an interval.</param>
/// <param name="Members">One bit per category, 0 for a number.</param>
internal readonly record struct Side(double Low, double High, ulong Members)
{
    /// <summary>The whole of an axis.</summary>
    public static Side Whole(ForestAxis axis) =>
        new(0, 1, axis.Categories is { } k ? ulong.MaxValue >> ForestAxis.MostCategories - k : 0);

    /// <summary>Its share of the axis.</summary>
    public double Share(ForestAxis axis) => axis.Categories is { } k ? BitOperations.PopCount(Members) / (double)k : High - Low;

    /// <summary>Whether a coordinate lies in it; the lower end of an interval does not, but for 0.</summary>
    public bool Contains(double x) => Members != 0 ? (Members >> (int)x & 1) != 0 : (x > Low || Low <= 0) && x <= High;
}

/// <summary>A leaf of a tree: its box and the mean value in it.</summary>
internal sealed record Leaf(Side[] Sides, double Value);
