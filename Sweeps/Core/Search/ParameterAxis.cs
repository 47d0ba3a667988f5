using System.Globalization;
using Sweeps.Core.Space;

namespace Sweeps.Core.Search;

/// <summary>
/// Maps the values of a hyperparameter to an axis of a model: a number to its linear or logarithmic scale, a category to its index.
/// </summary>
internal sealed class ParameterAxis
{
    private readonly Domain.Range? range;

    public ParameterAxis(Parameter parameter)
    {
        Parameter = parameter;
        range = parameter.Distribution.Domain as Domain.Range;
        if (range is null)
            Categories = ((Domain.Categories)parameter.Distribution.Domain).Values;
        else
            Scale = new NumberScale(range);
    }

    public Parameter Parameter { get; }

    /// <summary>The scale of a number; null for categories.</summary>
    public NumberScale? Scale { get; }

    /// <summary>The categories; empty for a number.</summary>
    public IReadOnlyList<Value> Categories { get; } = [];

    /// <summary>The number of values, or null if it is infinite or exceeds <see cref="int.MaxValue"/>.</summary>
    public int? ValueCount
    {
        get
        {
            if (range is null)
                return Categories.Count;
            if (range.High <= range.Low)
                return range.Step > 0 ? 1 : null;
            var steps = range.Step > 0 ? Math.Floor(range.High / range.Step) - Math.Ceiling(range.Low / range.Step) + 1 : double.PositiveInfinity;
            return steps < int.MaxValue ? Math.Max(1, (int)steps) : null;
        }
    }

    /// <summary>The coordinate on the scale, or the category's index; null when the value is absent or outside the domain.</summary>
    public double? Coordinate(Value? value) => Locate(value, unit: false);

    /// <summary>The share of the scale in [0, 1], or the category's index; null when the value is absent or outside the domain.</summary>
    public double? Unit(Value? value) => Locate(value, unit: true);

    /// <summary>The value at a coordinate of the scale, or at a category's index.</summary>
    public Value At(double coordinate) => Scale is null ? Categories[(int)coordinate] : Scale.At(coordinate);

    /// <summary>The value at a share of the scale, or at a category's index.</summary>
    public Value AtUnit(double unit) => Scale is null ? Categories[(int)unit] : Scale.AtUnit(unit);

    /// <summary>
    /// Maps a uniform number u in [0, 1) to a category's index or a share of the scale, for discrete numbers the share of a value.
    /// </summary>
    public double FromUniform(double u) => Scale switch
    {
        null => (int)(u * Categories.Count),
        { Discrete: true } => Scale.Unit(Scale.AtUnit(u).AsDouble()!.Value),
        _ => u,
    };

    /// <summary>The share of the scale, or the index, of value <paramref name="index"/> of a discrete axis.</summary>
    public double UnitOf(int index) => Scale is null ? index : Scale.Unit((Math.Ceiling(range!.Low / range.Step) + index) * range.Step);

    /// <summary>The inverse of <see cref="UnitOf"/>.</summary>
    public int IndexOf(double unit) =>
        Scale is null ? (int)unit : (int)Math.Round(Scale.AtUnit(unit).AsDouble()!.Value / range!.Step - Math.Ceiling(range.Low / range.Step));

    private double? Locate(Value? value, bool unit)
    {
        if (value is null)
            return null;
        if (Scale is not null)
            return value.AsDouble() is not { } number || !double.IsFinite(number) ? null : unit ? Scale.Unit(number) : Scale.Coordinate(number);
        for (var i = 0; i < Categories.Count; i++)
            if (ValueComparison.Same(Categories[i], value))
                return i;
        return null;
    }
}

/// <summary>
/// Maps a number to its coordinate for models and charts: the number or its natural logarithm. For discrete values the interval is widened by
/// half a step at both ends, before the logarithm, so that every value has a cell.
/// </summary>
internal sealed class NumberScale
{
    private readonly Domain.Range range;

    public NumberScale(Domain.Range range)
    {
        this.range = range;
        Low = Transform(Lower(range.Low));
        High = Transform(range.High + range.Step / 2);
    }

    public double Low { get; }

    public double High { get; }

    /// <summary>Whether values have a step.</summary>
    public bool Discrete => range.Step > 0;

    /// <summary>The coordinate of a number, clipped to the range.</summary>
    public double Coordinate(double x) => Transform(Math.Clamp(x, range.Low, range.High));

    /// <summary>The limits of a discrete value's cell.</summary>
    public (double From, double To) Cell(double coordinate)
    {
        var x = Number(coordinate);
        return (Transform(Lower(x)), Transform(x + range.Step / 2));
    }

    /// <summary>The coordinate of the value to which a coordinate is rounded.</summary>
    public double Round(double coordinate) => Transform(Number(coordinate));

    /// <summary>The value at a coordinate, rounded to its step and clipped; an integer if the values are integers.</summary>
    public Value At(double coordinate)
    {
        var x = Number(coordinate);
        return range.Integer ? new Value.Integer((long)x) : new Value.Number(x);
    }

    /// <summary>A number as a share of the interval, in [0, 1].</summary>
    public double Unit(double x) => High > Low ? (Coordinate(x) - Low) / (High - Low) : 0.5;

    /// <summary>The value at a share of the interval.</summary>
    public Value AtUnit(double unit) => At(Low + unit * (High - Low));

    private double Number(double coordinate)
    {
        var x = range.Logarithmic ? Math.Exp(coordinate) : coordinate;
        if (Discrete)
        {
            var digits = (Math.Round(x / range.Step) * range.Step).ToString("G12", CultureInfo.InvariantCulture);
            x = double.Parse(digits, CultureInfo.InvariantCulture);
        }
        return Math.Clamp(x, range.Low, range.High);
    }

    private double Transform(double x) => range.Logarithmic ? Math.Log(x) : x;

    /// <summary>Half a step below x, but positive for logarithmic ranges.</summary>
    private double Lower(double x) => range.Logarithmic ? Math.Max(x - range.Step / 2, x / 2) : x - range.Step / 2;
}
