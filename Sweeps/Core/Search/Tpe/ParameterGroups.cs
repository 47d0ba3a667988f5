using System.Globalization;
using System.Text;
using Sweeps.Core.Space;

namespace Sweeps.Core.Search.Tpe;

/// <summary>Parameters that are always active together, modelled jointly (<c>group</c> in Optuna's TPESampler).</summary>
internal sealed class ParameterGroup(IReadOnlyList<ParameterAxis> axes)
{
    public IReadOnlyList<ParameterAxis> Axes => axes;

    /// <summary>
    /// Groups the parameters of a space by their conditions, including those of their parents. Groups of parents precede those of their
    /// children.
    /// </summary>
    public static IReadOnlyList<ParameterGroup> Of(SearchSpace space)
    {
        var conditions = new Dictionary<string, string>();
        foreach (var parameter in space.ParentsFirst)
            conditions.Add(parameter.Name, Condition(parameter, conditions));
        return [.. space.ParentsFirst
            .GroupBy(parameter => conditions[parameter.Name])
            .Select(group => new ParameterGroup([.. group.Select(parameter => new ParameterAxis(parameter))]))];
    }

    private static string Condition(Parameter parameter, Dictionary<string, string> parents)
    {
        var text = new StringBuilder();
        foreach (var (parent, values) in parameter.When.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            text.Append(CultureInfo.InvariantCulture, $"{parent} in {new Value.List([.. values])} and ({parents[parent]});");
        return text.ToString();
    }
}

/// <summary>
/// The coordinates of every observation on every axis. Rows are cached between proposals and compared by reference, so that each configuration
/// is mapped once.
/// </summary>
internal sealed class CoordinateTable(IReadOnlyList<ParameterGroup> groups)
{
    private readonly List<(Configuration Configuration, double[]?[] Groups)> rows = [];

    /// <summary>Adds new observations. Returns whether the configuration of an earlier row changed.</summary>
    public bool Update(IReadOnlyList<Observation> observations)
    {
        var changed = false;
        for (var i = 0; i < observations.Count; i++)
        {
            var configuration = observations[i].Configuration;
            if (i == rows.Count)
                rows.Add((configuration, Read(configuration)));
            else if (!ReferenceEquals(rows[i].Configuration, configuration))
            {
                changed |= !rows[i].Configuration.Equals(configuration);
                rows[i] = (configuration, Read(configuration));
            }
        }
        return changed;
    }

    /// <summary>The coordinates, for each axis of a group, of the chosen observations in which the group is active.</summary>
    public double[][] Columns(int group, int[] chosen)
    {
        var present = new List<double[]>(chosen.Length);
        foreach (var i in chosen)
            if (rows[i].Groups[group] is { } coordinates)
                present.Add(coordinates);
        var columns = new double[groups[group].Axes.Count][];
        for (var j = 0; j < columns.Length; j++)
        {
            columns[j] = new double[present.Count];
            for (var i = 0; i < present.Count; i++)
                columns[j][i] = present[i][j];
        }
        return columns;
    }

    private double[]?[] Read(Configuration configuration) => [.. groups.Select(group => Read(group, configuration))];

    private static double[]? Read(ParameterGroup group, Configuration configuration)
    {
        var coordinates = new double[group.Axes.Count];
        for (var j = 0; j < coordinates.Length; j++)
        {
            if (group.Axes[j].Coordinate(configuration[group.Axes[j].Parameter.Name]) is not { } coordinate)
                return null;
            coordinates[j] = coordinate;
        }
        return coordinates;
    }
}
