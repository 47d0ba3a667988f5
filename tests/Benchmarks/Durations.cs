using System.Diagnostics.Metrics;
using System.Globalization;
using Sweeps.Telemetry;

namespace Benchmarks;

/// <summary>Records every value of one of the product's histograms of seconds until it is disposed.</summary>
internal sealed class Durations : IDisposable
{
    private readonly MeterListener listener = new();
    private readonly List<double> seconds = [];
    private readonly Lock adding = new();

    public Durations(string instrument)
    {
        listener.InstrumentPublished = (published, self) =>
        {
            if (published.Meter.Name == SweepMetrics.MeterName && published.Name == instrument)
                self.EnableMeasurementEvents(published);
        };
        listener.SetMeasurementEventCallback<double>((_, value, _, _) =>
        {
            lock (adding)
                seconds.Add(value);
        });
        listener.Start();
    }

    /// <summary>The values recorded so far.</summary>
    public IReadOnlyList<double> Seconds
    {
        get
        {
            lock (adding)
                return [.. seconds];
        }
    }

    /// <summary><c>0.004 ms p50, 0.011 ms p99, 3.1 ms most</c></summary>
    public static string InWords(IEnumerable<double> seconds)
    {
        var sorted = seconds.Order().ToArray();
        string At(int index) => (sorted[index] * 1e3).ToString(sorted[index] >= 0.01 ? "N0" : "G2", CultureInfo.InvariantCulture);
        return sorted.Length == 0 ? "none" : $"{At(sorted.Length / 2)} ms p50, {At((int)(sorted.Length * .99))} ms p99, {At(sorted.Length - 1)} ms most";
    }

    public void Dispose() => listener.Dispose();
}
