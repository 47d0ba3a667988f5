using Sweeps.Core.Space;

namespace Sweeps.Core.Search;

/// <summary>A hyperparameter as one axis of a model: a number on its (logarithmic) scale, or the index of a category.</summary>
public sealed class ParameterAxis
{
    private readonly Domain.Range? range;

    /// <summary>The axis of a parameter.</summary>
    public ParameterAxis(Parameter parameter)
    {
        Parameter = parameter;
        range = parameter.Distribution.Domain as Domain.Range;
        if (range is null)
            Categories = ((Domain.Categories)parameter.Distribution.Domain).Values;
        else
            Scale = new NumberScale(range);
    }

    /// <summary>The parameter.</summary>
    public Parameter Parameter { get; }

    /// <summary>The scale of a number; null for categories.</summary>
    public NumberScale? Scale { get; }

    /// <summary>The categories; empty for a number.</summary>
    public IReadOnlyList<Value> Categories { get; } = [];

    /// <summary>The number of values, or null when they are real or too many for an <see cref="int"/>.</summary>
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

    /// <summary>The coordinate on the scale, or the category's index; null when the value is absent or not one of the parameter's.</summary>
    public double? Coordinate(Value? value) => Locate(value, unit: false);

    /// <summary>The share of the scale in [0, 1], or the category's index; null when the value is absent or not one of the parameter's.</summary>
    public double? Unit(Value? value) => Locate(value, unit: true);

    /// <summary>The value at a coordinate of the scale, or at a category's index.</summary>
    public Value At(double coordinate) => Scale is null ? Categories[(int)coordinate] : Scale.At(coordinate);

    /// <summary>The value at a share of the scale, or at a category's index.</summary>
    public Value AtUnit(double unit) => Scale is null ? Categories[(int)unit] : Scale.AtUnit(unit);

    /// <summary>Where a number u in [0, 1) lies: a category's index, or a share of the scale that is a value's when values have a step.</summary>
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
