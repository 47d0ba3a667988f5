using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace Sweeps.Telemetry;

/// <summary>
/// Listens to meters of this process and writes what it heard in Prometheus' text format 0.0.4. Serves <c>/metrics</c> where there is no
/// web host (a sweep on one machine) or no exporter package (a node built without Orleans).
/// </summary>
public sealed class PrometheusText : IDisposable
{
    /// <summary>The content type of <see cref="Scrape"/>.</summary>
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly MeterListener listener = new();
    private readonly ConcurrentDictionary<Instrument, Family> families = new();

    /// <summary>Starts listening to the meters with these names, present and future ones.</summary>
    public PrometheusText(params IReadOnlyCollection<string> meters)
    {
        listener.InstrumentPublished = (instrument, me) =>
        {
            if (meters.Contains(instrument.Meter.Name))
                me.EnableMeasurementEvents(instrument, families.GetOrAdd(instrument, Family.For));
        };
        listener.SetMeasurementEventCallback<double>((_, value, tags, family) => ((Family)family!).Add(value, tags));
        listener.SetMeasurementEventCallback<float>((_, value, tags, family) => ((Family)family!).Add(value, tags));
        listener.SetMeasurementEventCallback<long>((_, value, tags, family) => ((Family)family!).Add(value, tags));
        listener.SetMeasurementEventCallback<int>((_, value, tags, family) => ((Family)family!).Add(value, tags));
        listener.SetMeasurementEventCallback<short>((_, value, tags, family) => ((Family)family!).Add(value, tags));
        listener.SetMeasurementEventCallback<byte>((_, value, tags, family) => ((Family)family!).Add(value, tags));
        listener.Start();
    }

    /// <summary>Asks the observable instruments and writes every series.</summary>
    public string Scrape()
    {
        foreach (var family in families.Values)
            family.Forget();
        listener.RecordObservableInstruments();

        var text = new StringBuilder();
        foreach (var family in families.Values.OrderBy(family => family.Name, StringComparer.Ordinal))
            family.Write(text);
        return text.ToString();
    }

    /// <inheritdoc/>
    public void Dispose() => listener.Dispose();

    /// <summary>The series of one instrument.</summary>
    private sealed class Family(string name, string kind, string? help, bool sums, bool observed, IReadOnlyList<double>? boundaries)
    {
        private readonly Dictionary<string, Series> series = [];

        public string Name => name;

        public static Family For(Instrument instrument)
        {
            var type = instrument.GetType().Name;
            var observed = instrument.IsObservable;
            var counter = type.StartsWith("Counter", StringComparison.Ordinal) || type.StartsWith("ObservableCounter", StringComparison.Ordinal);
            var boundaries = type.StartsWith("Histogram", StringComparison.Ordinal) ? Boundaries(instrument) : null;
            var kind = boundaries is not null ? "histogram" : counter ? "counter" : "gauge";
            var sums = !observed && !type.StartsWith("Gauge", StringComparison.Ordinal);
            return new Family(
                PrometheusNames.Of(instrument.Name, instrument.Unit, counter), kind, instrument.Description, sums, observed, boundaries);
        }

        public void Add(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var labels = Labels(tags);
            lock (series)
            {
                if (!series.TryGetValue(labels, out var one))
                    series[labels] = one = new Series(boundaries?.Count + 1 ?? 0);
                one.Count++;
                one.Value = sums ? one.Value + value : value;
                if (boundaries is not null)
                    one.Buckets[Bucket(boundaries, value)]++;
            }
        }

        /// <summary>Observable series are heard anew at each scrape; those of an ended sweep must not linger.</summary>
        public void Forget()
        {
            if (observed)
                lock (series)
                    series.Clear();
        }

        public void Write(StringBuilder text)
        {
            lock (series)
            {
                if (series.Count == 0)
                    return;
                if (help is not null)
                    text.Append("# HELP ").Append(name).Append(' ').Append(help.Replace("\\", "\\\\").Replace("\n", "\\n")).Append('\n');
                text.Append("# TYPE ").Append(name).Append(' ').Append(kind).Append('\n');
                foreach (var (labels, one) in series.OrderBy(pair => pair.Key, StringComparer.Ordinal))
                {
                    if (boundaries is null)
                        Line(text, name, labels, one.Value);
                    else
                        WriteHistogram(text, labels, one, boundaries);
                }
            }
        }

        private void WriteHistogram(StringBuilder text, string labels, Series one, IReadOnlyList<double> bounds)
        {
            long cumulated = 0;
            for (var i = 0; i <= bounds.Count; i++)
            {
                cumulated += one.Buckets[i];
                var bound = i < bounds.Count ? bounds[i].ToString("R", CultureInfo.InvariantCulture) : "+Inf";
                Line(text, name + "_bucket", $"{labels}{(labels.Length > 0 ? "," : "")}le=\"{bound}\"", cumulated);
            }
            Line(text, name + "_sum", labels, one.Value);
            Line(text, name + "_count", labels, one.Count);
        }

        private static void Line(StringBuilder text, string name, string labels, double value)
        {
            text.Append(name);
            if (labels.Length > 0)
                text.Append('{').Append(labels).Append('}');
            text.Append(' ').Append(Number(value)).Append('\n');
        }

        private static string Number(double value) => value switch
        {
            double.PositiveInfinity => "+Inf",
            double.NegativeInfinity => "-Inf",
            _ => value.ToString("R", CultureInfo.InvariantCulture),
        };

        private static int Bucket(IReadOnlyList<double> bounds, double value)
        {
            var i = 0;
            while (i < bounds.Count && value > bounds[i])
                i++;
            return i;
        }

        private static string Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            if (tags.IsEmpty)
                return "";
            var text = new StringBuilder();
            foreach (var (key, value) in tags)
            {
                if (text.Length > 0)
                    text.Append(',');
                var content = Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
                text.Append(PrometheusNames.Sanitize(key)).Append("=\"")
                    .Append(content.Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("\n", "\\n")).Append('"');
            }
            return text.ToString();
        }

        private static IReadOnlyList<double> Boundaries(Instrument instrument) => instrument switch
        {
            Histogram<double> { Advice.HistogramBucketBoundaries: { } bounds } => bounds,
            Histogram<int> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds.Select(bound => (double)bound)],
            Histogram<long> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds.Select(bound => (double)bound)],
            _ => SweepMetrics.OperationSeconds,
        };

        private sealed class Series(int buckets)
        {
            public readonly long[] Buckets = new long[buckets];
            public long Count;
            public double Value;
        }
    }
}
