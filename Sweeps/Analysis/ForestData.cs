namespace Sweeps.Analysis;

/// <summary>What a forest is fitted to: coordinates per axis, and finite values.</summary>
internal sealed class ForestData
{
    public ForestData(IReadOnlyList<ForestAxis> axes, IReadOnlyList<Sample> samples)
    {
        Axes = axes;
        var worst = samples.Select(sample => sample.Value).Where(double.IsFinite).DefaultIfEmpty().Max();
        Values = [.. samples.Select(sample => double.IsFinite(sample.Value) ? sample.Value : worst)];
        Columns = new double[axes.Count][];
        Active = new bool[axes.Count][];
        for (var j = 0; j < axes.Count; j++)
        {
            var column = samples.Select(sample => axes[j].Coordinate(sample.Configuration[axes[j].Name])).ToArray();
            Active[j] = Array.ConvertAll(column, x => x is not null);
            Columns[j] = Array.ConvertAll(column, x => x ?? (axes[j].Categories is null ? 0.5 : 0));
        }
    }

    public IReadOnlyList<ForestAxis> Axes { get; }

    /// <summary>The number of runs.</summary>
    public int Count => Values.Length;

    public double[] Values { get; }

    /// <summary>[axis][run]; inactive numbers stand at ½, inactive categories at the first.</summary>
    public double[][] Columns { get; }

    /// <summary>[axis][run]: whether the run has the parameter.</summary>
    public bool[][] Active { get; }
}
