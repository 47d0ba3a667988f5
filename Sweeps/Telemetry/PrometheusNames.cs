using System.Text;

namespace Sweeps.Telemetry;

/// <summary>
/// Instrument name and unit → Prometheus name, by the rules of OpenTelemetry's exporter ("Prometheus and OpenMetrics compatibility" of the
/// OpenTelemetry specification), so that a dashboard reads both builds.
/// </summary>
public static class PrometheusNames
{
    /// <summary><c>sweep.append.duration</c> in <c>s</c> → <c>sweep_append_duration_seconds</c>; counters end in <c>_total</c>.</summary>
    public static string Of(string instrument, string? unit, bool counter)
    {
        var name = new StringBuilder(Sanitize(instrument));
        if (Unit(unit) is { Length: > 0 } suffix && !name.ToString().EndsWith(suffix, StringComparison.Ordinal))
            name.Append('_').Append(suffix);
        if (counter && !name.ToString().EndsWith("_total", StringComparison.Ordinal))
            name.Append("_total");
        return name.ToString();
    }

    /// <summary>Letters, digits and underscores; runs of anything else become one underscore.</summary>
    public static string Sanitize(string name)
    {
        var result = new StringBuilder(name.Length);
        foreach (var c in name)
        {
            if (char.IsAsciiLetterOrDigit(c))
                result.Append(c);
            else if (result.Length > 0 && result[^1] != '_')
                result.Append('_');
        }
        return result.ToString().TrimEnd('_');
    }

    private static string Unit(string? unit) => unit switch
    {
        null or "" or "1" => "",
        "s" => "seconds",
        "ms" => "milliseconds",
        "By" => "bytes",
        "MB" => "megabytes",
        _ when unit.StartsWith('{') => "",
        _ => Sanitize(unit),
    };
}
