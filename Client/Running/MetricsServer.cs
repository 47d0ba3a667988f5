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
        try
        {
            return Sdk.CreateMeterProviderBuilder()
                .ConfigureResource(resource => resource.AddService("sweep"))
                .AddMeter(SweepMetrics.MeterName, "System.Runtime")
                .AddPrometheusHttpListener(options => (options.Host, options.Port) = ("127.0.0.1", port))
                .Build();
        }
        catch (InvalidOperationException e)
        {
            var reason = e.GetBaseException().Message;
            throw new UsageException($"Port {port} for --metrics cannot be opened on 127.0.0.1: {reason}. Choose another port.", e);
        }
    }
}
