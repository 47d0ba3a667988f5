namespace Sweeps.Core.Space;

/// <summary>The distribution of a hyperparameter (W&amp;B's distributions; docs/sweep-files.md).</summary>
public abstract record Distribution
{
    /// <summary>The name in a sweep file: <c>log_uniform_values</c>.</summary>
    public abstract string Name { get; }

    /// <summary>The value at quantile <paramref name="u"/>, 0 ≤ u &lt; 1 (0 &lt; u if <see cref="NeedsOpenInterval"/>).</summary>
    public abstract Value Quantile(double u);

    /// <summary>The set of values for model-based search and charts.</summary>
    public abstract Domain Domain { get; }

    /// <summary>Whether <see cref="Quantile"/> is infinite at 0, so that draws must exclude 0.</summary>
    public virtual bool NeedsOpenInterval => false;

    /// <summary>The number of grid points, or null for a distribution without a grid.</summary>
    public virtual long? GridSize => null;

    /// <summary>The number of different values that can be drawn, or null when it is infinite.</summary>
    public virtual long? DrawnSize => GridSize;

    /// <summary>The drawn value <paramref name="index"/>, 0 ≤ index &lt; <see cref="DrawnSize"/>.</summary>
    public virtual Value DrawnValue(long index) => GridValue(index);

    /// <summary>The grid's point <paramref name="index"/>, 0 ≤ index &lt; <see cref="GridSize"/>, in the file's order.</summary>
    public virtual Value GridValue(long index) => throw new InvalidOperationException($"A grid cannot step through '{Name}'.");
}

/// <summary>The set of a parameter's values for model-based search, importance and charts.</summary>
public abstract record Domain
{
    private Domain() { }

    /// <summary>One of <paramref name="Values"/>, without order. A constant is one category.</summary>
    public sealed record Categories(IReadOnlyList<Value> Values) : Domain;

    /// <summary>
    /// A number in [<paramref name="Low"/>, <paramref name="High"/>]. Integers have <paramref name="Step"/> 1 and <paramref name="Integer"/>;
    /// a quantised parameter its q; a continuous one has step 0. For unbounded distributions (normal …) low and high are the 0.1 % and
    /// 99.9 % quantiles; only model-based search clips values to them.
    /// </summary>
    public sealed record Range(double Low, double High, bool Logarithmic, double Step, bool Integer) : Domain;
}
