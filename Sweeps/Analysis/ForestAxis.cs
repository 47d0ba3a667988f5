using Sweeps.Core;
using Sweeps.Core.Search;
using Sweeps.Core.Space;

namespace Sweeps.Analysis;

/// <summary>A parameter as a forest sees it: a number in [0, 1] or the index of a category.</summary>
internal sealed class ForestAxis
{
    /// <summary>More categories than a set of bits holds share the last one.</summary>
    public const int MostCategories = 64;

    private readonly NumberScale? scale;
    private readonly IReadOnlyList<Value> values = [];

    public ForestAxis(Parameter parameter)
    {
        Name = parameter.Name;
        IsConditional = parameter.When.Count > 0;
        if (parameter.Distribution.Domain is Domain.Range range)
            scale = new NumberScale(range);
        else
            values = ((Domain.Categories)parameter.Distribution.Domain).Values;
    }

    public string Name { get; }

    public bool IsConditional { get; }

    /// <summary>The number of categories, or null for a number.</summary>
    public int? Categories => scale is null ? Math.Min(MostCategories, values.Count) : null;

    /// <summary>The coordinate of a value, or null when it is absent or none of the parameter's.</summary>
    public double? Coordinate(Value? value)
    {
        if (scale is not null)
            return value?.AsDouble() is { } number && double.IsFinite(number) ? scale.Unit(number) : null;
        for (var i = 0; i < values.Count; i++)
            if (value is not null && Comparing.Same(values[i], value))
                return Math.Min(i, MostCategories - 1);
        return null;
    }
}
