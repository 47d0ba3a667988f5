namespace Sweeps.Core.Space;

/// <summary>How a hyperparameter is drawn (the distributions of W&amp;B's sweep files; docs/sweep-files.md).</summary>
public abstract record Distribution
{
    /// <summary>The name in a sweep file: <c>log_uniform_values</c>.</summary>
    public abstract string Name { get; }

    /// <summary>The value at quantile <paramref name="u"/>, 0 ≤ u &lt; 1 (0 &lt; u where <see cref="NeedsOpenInterval"/>).</summary>
    public abstract Value Quantile(double u);

    /// <summary>What samplers and charts see of it.</summary>
    public abstract Domain Domain { get; }

    /// <summary>Whether <see cref="Quantile"/> is infinite at 0, so that draws must avoid it.</summary>
    public virtual bool NeedsOpenInterval => false;

    /// <summary>How many points a grid has along it, or null when it has no grid.</summary>
    public virtual long? GridSize => null;

    /// <summary>The grid's point <paramref name="index"/>, 0 ≤ index &lt; <see cref="GridSize"/>, in the file's order.</summary>
    public virtual Value GridValue(long index) => throw new InvalidOperationException($"A grid cannot step through '{Name}'.");
}

/// <summary>The set a parameter's values come from, as model-based search, importance and charts see it.</summary>
public abstract record Domain
{
    private Domain() { }

    /// <summary>One of <paramref name="Values"/>, with no order between them. A constant is a category of one.</summary>
    public sealed record Categories(IReadOnlyList<Value> Values) : Domain;

    /// <summary>
    /// A number in [<paramref name="Low"/>, <paramref name="High"/>]. Integers have <paramref name="Step"/> 1 and <paramref name="Integer"/>;
    /// a quantised parameter its q; a continuous one has step 0. For unbounded distributions (normal …) low and high are the 0.1 % and
    /// 99.9 % quantiles, and values are clipped to them by model-based search only.
    /// </summary>
    public sealed record Range(double Low, double High, bool Logarithmic, double Step, bool Integer) : Domain;
}
