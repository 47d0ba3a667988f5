namespace Sweeps.Core.Search.Tpe;

/// <summary>
/// The coordinates of every observation on every axis. A configuration is read once: rows are kept and compared by reference, so that asking
/// again costs nothing per run.
/// </summary>
internal sealed class CoordinateTable(IReadOnlyList<AxisGroup> groups)
{
    private readonly List<(Configuration Configuration, double[]?[] Groups)> rows = [];

    /// <summary>For each axis of a group the coordinates of those of the chosen observations that have the whole group.</summary>
    public double[][] Columns(int group, IReadOnlyList<Observation> observations, int[] chosen)
    {
        var present = new List<double[]>(chosen.Length);
        foreach (var i in chosen)
            if (Row(i, observations[i].Configuration)[group] is { } coordinates)
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

    private double[]?[] Row(int index, Configuration configuration)
    {
        while (rows.Count <= index)
            rows.Add((Configuration.Empty, []));
        if (!ReferenceEquals(rows[index].Configuration, configuration) || rows[index].Groups.Length == 0)
            rows[index] = (configuration, [.. groups.Select(group => Read(group, configuration))]);
        return rows[index].Groups;
    }

    private static double[]? Read(AxisGroup group, Configuration configuration)
    {
        var coordinates = new double[group.Axes.Count];
        for (var j = 0; j < coordinates.Length; j++)
        {
            coordinates[j] = group.Axes[j].Coordinate(configuration[group.Axes[j].Parameter.Name]);
            if (double.IsNaN(coordinates[j]))
                return null;
        }
        return coordinates;
    }
}
