using Sweeps.Core.Space;

namespace Sweeps.Core.Search.Bayes;

/// <summary>
/// Maps configurations to points: numbers to their share of the linear or logarithmic range, discrete values to the middle of their cell,
/// categories to their index, inactive parameters to ½. Constants have no coordinate.
/// </summary>
internal sealed class UnitCube
{
    /// <summary>The coordinate of an inactive parameter.</summary>
    public const double Inactive = 0.5;

    private readonly SearchSpace space;
    private readonly ParameterAxis[] axes;
    private readonly Dictionary<string, int> byName = [];
    private readonly bool conditional;
    private readonly bool[] isParent;
    private readonly bool[] isNumber;

    /// <summary>The cube of a space.</summary>
    public UnitCube(SearchSpace space)
    {
        this.space = space;
        axes = [.. space.ParentsFirst.Select(parameter => new ParameterAxis(parameter)).Where(axis => axis.ValueCount is not 1)];
        for (var j = 0; j < axes.Length; j++)
            byName.Add(axes[j].Parameter.Name, j);
        var parents = space.Parameters.SelectMany(parameter => parameter.When.Keys).ToHashSet();
        conditional = parents.Count > 0;
        isParent = Array.ConvertAll(axes, axis => parents.Contains(axis.Parameter.Name));
        isNumber = Array.ConvertAll(axes, axis => axis.Scale is not null);
    }

    /// <summary>The number of coordinates.</summary>
    public int Dimensions => axes.Length;

    public Parameter Parameter(int j) => axes[j].Parameter;

    /// <summary>The number of values of a coordinate, or null for a real number.</summary>
    public int? Values(int j) => axes[j].ValueCount;

    /// <summary>Value <paramref name="index"/> of a discrete coordinate.</summary>
    public double ValueAt(int j, int index) => axes[j].UnitOf(index);

    /// <summary>The index of a discrete coordinate's value.</summary>
    public int IndexOf(int j, double x) => axes[j].IndexOf(x);

    /// <summary>The coordinate for a uniform number in [0, 1).</summary>
    public double FromUniform(int j, double u) => axes[j].FromUniform(u);

    /// <summary>Whether a coordinate is numeric; otherwise it is categorical.</summary>
    public bool IsNumber(int j) => isNumber[j];

    /// <summary>(x − x')², or 1 for different categories.</summary>
    public double SquaredDifference(int j, double x, double other) =>
        isNumber[j] ? (x - other) * (x - other) : x == other ? 0 : 1;

    /// <summary>The point of a configuration. A value outside the space is treated as inactive.</summary>
    public double[] Point(Configuration configuration)
    {
        var x = new double[axes.Length];
        for (var j = 0; j < x.Length; j++)
            x[j] = axes[j].Unit(configuration[axes[j].Parameter.Name]) ?? Inactive;
        return x;
    }

    /// <summary>
    /// Determines the active coordinates of a point and normalises it: inactive coordinates become ½, and a category that was inactive becomes
    /// the first one.
    /// </summary>
    public void Normalize(Span<double> x, Span<bool> active)
    {
        active.Fill(true);
        if (!conditional)
            return;
        var values = new Dictionary<string, Value>();
        active.Clear();
        foreach (var parameter in space.ParentsFirst)
        {
            if (!parameter.IsActive(values))
                continue;
            if (!byName.TryGetValue(parameter.Name, out var j))
            {
                values.Add(parameter.Name, Only(parameter));
                continue;
            }
            active[j] = true;
            if (!isNumber[j])
                x[j] = (int)x[j];
            if (isParent[j])
                values.Add(parameter.Name, axes[j].AtUnit(x[j]));
        }
        for (var j = 0; j < x.Length; j++)
            if (!active[j])
                x[j] = Inactive;
    }

    /// <summary>The configuration at a point.</summary>
    public Configuration At(double[] x) =>
        space.Assemble(parameter => byName.TryGetValue(parameter.Name, out var j) ? axes[j].AtUnit(x[j]) : Only(parameter));

    private static Value Only(Parameter constant) => constant.Distribution.Quantile(0.5);
}
