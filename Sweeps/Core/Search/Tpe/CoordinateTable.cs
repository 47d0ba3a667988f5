namespace Sweeps.Core.Search.Tpe;

/// <summary>
/// The coordinates of every observation on every axis. A configuration is read once: rows are kept and compared by reference, so that
/// asking again costs nothing per run.
/// </summary>
internal sealed class CoordinateTable(IReadOnlyList<AxisGroup> groups)
{
    private readonly List<(Configuration Configuration, double[]?[] Groups)> rows = [];

    /// <summary>Reads what is new. Returns whether a row that was there before has changed.</summary>
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

    /// <summary>For each axis of a group the coordinates of those of the chosen observations that have the whole group.</summary>
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
