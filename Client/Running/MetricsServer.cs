using System.Net;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using Sweeps.Telemetry;

namespace Client.Running;

/// <summary>Serves this process' metrics on the loopback interface, under the names that a silo gives them.</summary>
internal static class MetricsServer
{
    /// <summary>Serves <c>/metrics</c> until the result is disposed. Throws <see cref="UsageException"/> when the port cannot be opened.</summary>
    public static IDisposable Start(int port)
    {
        HttpListener? listener = null;
        var provider = Sdk.CreateMeterProviderBuilder()
            .ConfigureResource(resource => resource.AddService("sweep"))
            .AddMeter(SweepMetrics.MeterName, "System.Runtime")
            .AddPrometheusHttpListener(options =>
                (options.Host, options.Port, options.ConfigureHttpListener) = ("127.0.0.1", port, (_, opened) => listener = opened))
            .Build();
        // The exporter reports a port that is taken to nobody but its own event source.
        if (listener is { IsListening: true })
            return provider;
        provider.Dispose();
        throw new UsageException($"Port {port} for --metrics cannot be opened on 127.0.0.1: another program uses it, or it needs more rights. Choose another port.");
    }
}
