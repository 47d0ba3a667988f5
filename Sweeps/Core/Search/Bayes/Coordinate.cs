using Sweeps.Core.Space;

namespace Sweeps.Core.Search.Bayes;

/// <summary>One parameter as a coordinate of the unit cube.</summary>
internal sealed class Coordinate
{
    private readonly NumberScale? scale;
    private readonly Domain.Range? range;
    private readonly IReadOnlyList<Value> categories = [];

    public Coordinate(Parameter parameter)
    {
        Parameter = parameter;
        range = parameter.Distribution.Domain as Domain.Range;
        if (range is null)
            categories = ((Domain.Categories)parameter.Distribution.Domain).Values;
        else
            scale = new NumberScale(range);
    }

    public Parameter Parameter { get; }

    public bool IsCategory => scale is null;

    /// <summary>How many values there are, or null when they are real (or too many to count).</summary>
    public int? Values
    {
        get
        {
            if (range is null)
                return categories.Count;
            if (range.High <= range.Low)
                return range.Step > 0 ? 1 : null;
            var steps = range.Step > 0 ? Math.Floor(range.High / range.Step) - Math.Ceiling(range.Low / range.Step) + 1 : double.PositiveInfinity;
            return steps < int.MaxValue ? Math.Max(1, (int)steps) : null;
        }
    }

    public double? Of(Value? value)
    {
        if (value is null)
            return null;
        if (scale is not null)
            return value.AsDouble() is { } number && double.IsFinite(number) ? scale.Unit(number) : null;
        for (var i = 0; i < categories.Count; i++)
            if (Comparing.Same(categories[i], value))
                return i;
        return null;
    }

    /// <summary>The value at x; of a category that was inactive, the first.</summary>
    public Value At(double x) => scale is null ? categories[(int)x] : scale.AtUnit(x);

    public double FromUniform(double u) => scale switch
    {
        null => (int)(u * categories.Count),
        { Discrete: true } => scale.Unit(scale.AtUnit(u).AsDouble()!.Value),
        _ => u,
    };

    public double ValueAt(int index) => scale is null ? index : scale.Unit((Math.Ceiling(range!.Low / range.Step) + index) * range.Step);

    public int IndexOf(double x) =>
        scale is null ? (int)x : (int)Math.Round(scale.AtUnit(x).AsDouble()!.Value / range!.Step - Math.Ceiling(range.Low / range.Step));
}
