namespace Sweeps.Core.Search.Tpe;

/// <summary>Standard deviations of the kernels of numbers.</summary>
public static class Bandwidths
{
    private const int MostParts = 100;

    /// <summary>
    /// For each of m coordinates the larger gap to its neighbours in sorted order (the ends of the interval are neighbours of a single
    /// one), clipped to [range / min(100, m + 2), range]; the range for the prior at the end.
    /// </summary>
    public static double[] Of(ReadOnlySpan<double> coordinates, double low, double high)
    {
        var (m, range) = (coordinates.Length, high - low);
        var sigmas = new double[m + 1];
        sigmas[m] = range;
        if (m == 1)
            sigmas[0] = Math.Max(coordinates[0] - low, high - coordinates[0]);
        else
            FillGaps(coordinates, sigmas);
        var least = range / Math.Min(MostParts, m + 2);
        for (var i = 0; i < m; i++)
            sigmas[i] = Math.Clamp(sigmas[i], least, range);
        return sigmas;
    }

    private static void FillGaps(ReadOnlySpan<double> coordinates, double[] sigmas)
    {
        var m = coordinates.Length;
        var sorted = coordinates.ToArray();
        var order = new int[m];
        for (var i = 0; i < m; i++)
            order[i] = i;
        Array.Sort(sorted, order);
        for (var i = 0; i < m; i++)
        {
            var left = i > 0 ? sorted[i] - sorted[i - 1] : 0;
            var right = i < m - 1 ? sorted[i + 1] - sorted[i] : 0;
            sigmas[order[i]] = Math.Max(left, right);
        }
    }
}
