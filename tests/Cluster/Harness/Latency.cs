using System.Globalization;
using System.Text.RegularExpressions;

namespace Cluster.Harness;

/// <summary>A histogram of seconds, summed over silos as Prometheus does.</summary>
internal sealed partial class Latency(IReadOnlyList<(double UpTo, double Count)> buckets)
{
    private readonly IReadOnlyList<(double UpTo, double Count)> buckets = buckets;

    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(10) };

    /// <summary>Reads one from the silos' <c>/metrics</c>.</summary>
    public static async Task<Latency> ReadAsync(IEnumerable<SiloNode> silos, string metric)
    {
        var sums = new SortedDictionary<double, double>();
        foreach (var silo in silos)
        {
            var text = await Http.GetStringAsync(new Uri($"http://127.0.0.1:{silo.HttpPort}/metrics"));
            foreach (var line in text.Split('\n').Where(line => line.StartsWith(metric + "_bucket", StringComparison.Ordinal)))
            {
                var bound = Bound().Match(line).Groups[1].Value;
                var upTo = bound == "+Inf" ? double.PositiveInfinity : Number(bound);
                var value = Number(line[(line.IndexOf('}', StringComparison.Ordinal) + 1)..].Trim().Split(' ')[0]);
                sums[upTo] = sums.GetValueOrDefault(upTo) + value;
            }
        }
        return new Latency([.. sums.Select(sum => (sum.Key, sum.Value))]);
    }

    /// <summary>The values since an earlier reading of the same silos.</summary>
    public Latency Since(Latency earlier)
    {
        var past = earlier.buckets.ToDictionary(bucket => bucket.UpTo, bucket => bucket.Count);
        return new Latency([.. buckets.Select(bucket => (bucket.UpTo, bucket.Count - past.GetValueOrDefault(bucket.UpTo)))]);
    }

    /// <summary>The bounds of the bucket with a quantile; a histogram does not give more.</summary>
    public string At(double quantile)
    {
        var i = buckets.TakeWhile(bucket => bucket.Count < quantile * buckets[^1].Count).Count();
        return string.Create(CultureInfo.InvariantCulture, $"{(i == 0 ? 0 : buckets[i - 1].UpTo * 1e3):0.##}-{buckets[i].UpTo * 1e3:0.##} ms");
    }

    /// <summary>The fraction of the values above a bucket's bound in seconds.</summary>
    public double Above(double bound) => 1 - buckets.Single(bucket => bucket.UpTo == bound).Count / buckets[^1].Count;

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    [GeneratedRegex("le=\"([^\"]+)\"")]
    private static partial Regex Bound();
}
