using Sweeps.Core.Space;

namespace Sweeps.Core.Search.Tpe;

/// <summary>A parameter as a coordinate: its number, the logarithm, or the index of its category.</summary>
internal sealed class Axis
{
    private readonly NumberScale? scale;
    private readonly IReadOnlyList<Value> categories = [];

    public Axis(Parameter parameter)
    {
        Parameter = parameter;
        if (parameter.Distribution.Domain is Domain.Range range)
            scale = new NumberScale(range);
        else
            categories = ((Domain.Categories)parameter.Distribution.Domain).Values;
    }

    public Parameter Parameter { get; }

    /// <summary>The coordinate of a value, NaN when the value is absent or not of this parameter.</summary>
    public double Coordinate(Value? value)
    {
        if (value is null)
            return double.NaN;
        if (scale is not null)
            return value.AsDouble() is { } number && double.IsFinite(number) ? scale.Coordinate(number) : double.NaN;
        for (var i = 0; i < categories.Count; i++)
            if (Comparing.Same(categories[i], value))
                return i;
        return double.NaN;
    }

    /// <summary>The value at a coordinate.</summary>
    public Value At(double coordinate) => scale is null ? categories[(int)coordinate] : scale.At(coordinate);

    /// <summary>The kernels of some observed coordinates, in order of run number.</summary>
    public KernelColumn Kernels(double[] observed) => scale switch
    {
        null => new CategoryKernels(categories.Count, observed),
        { Discrete: true } => new StepKernels(scale, observed),
        _ => new NumberKernels(scale, observed),
    };
}
