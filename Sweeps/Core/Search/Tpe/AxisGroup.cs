using System.Globalization;
using System.Text;
using Sweeps.Core.Space;

namespace Sweeps.Core.Search.Tpe;

/// <summary>Parameters that are always active together, modelled jointly (the <c>group</c> of Optuna's TPE).</summary>
internal sealed class AxisGroup(IReadOnlyList<Axis> axes)
{
    public IReadOnlyList<Axis> Axes => axes;

    /// <summary>The parameters of a space by their conditions, parents' conditions included, in the order parents first.</summary>
    public static IReadOnlyList<AxisGroup> Of(SearchSpace space)
    {
        var conditions = new Dictionary<string, string>();
        foreach (var parameter in space.ParentsFirst)
            conditions.Add(parameter.Name, Condition(parameter, conditions));
        return [.. space.ParentsFirst
            .GroupBy(parameter => conditions[parameter.Name])
            .Select(group => new AxisGroup([.. group.Select(parameter => new Axis(parameter))]))];
    }

    private static string Condition(Parameter parameter, Dictionary<string, string> parents)
    {
        var text = new StringBuilder();
        foreach (var (parent, values) in parameter.When.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            text.Append(CultureInfo.InvariantCulture, $"{parent} in {new Value.List([.. values])} and ({parents[parent]});");
        return text.ToString();
    }
}
