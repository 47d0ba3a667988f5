using System.Globalization;
using Sweeps.Core.Space;

namespace Sweeps.Core.Search;

/// <summary>
/// The coordinate of a number for models and charts: the number or its natural logarithm. Where values have a step the interval is widened
/// by half of it at both ends, before the logarithm, so that every value owns a cell.
/// </summary>
public sealed class NumberScale
{
    private readonly Domain.Range range;

    /// <summary>The scale of a range.</summary>
    public NumberScale(Domain.Range range)
    {
        this.range = range;
        Low = Transform(Lower(range.Low));
        High = Transform(range.High + range.Step / 2);
    }

    /// <summary>The least coordinate.</summary>
    public double Low { get; }

    /// <summary>The greatest coordinate.</summary>
    public double High { get; }

    /// <summary>Whether values have a step.</summary>
    public bool Discrete => range.Step > 0;

    /// <summary>The coordinate of a number, clipped to the range.</summary>
    public double Coordinate(double x) => Transform(Math.Clamp(x, range.Low, range.High));

    /// <summary>The coordinates between which a discrete value's cell lies.</summary>
    public (double From, double To) Cell(double coordinate)
    {
        var x = Number(coordinate);
        return (Transform(Lower(x)), Transform(x + range.Step / 2));
    }

    /// <summary>The coordinate of the value that a coordinate is rounded to.</summary>
    public double Round(double coordinate) => Transform(Number(coordinate));

    /// <summary>The value at a coordinate: rounded to its step and clipped, an integer where values are integers.</summary>
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

    /// <summary>Half a step down, but not to a number without a logarithm.</summary>
    private double Lower(double x) => range.Logarithmic ? Math.Max(x - range.Step / 2, x / 2) : x - range.Step / 2;
}
