using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using Sweeps.Telemetry;

namespace Client.Local;

/// <summary>The options of a sweep that runs in this process.</summary>
/// <param name="Data">The folder of data sets from the command line, or null.</param>
/// <param name="Slots">The number of runs that train at a time, or null for one per core.</param>
/// <param name="MetricsPort">The loopback port of <c>/metrics</c>, or null for none.</param>
public sealed record WorkOptions(string? Data, int? Slots, int? MetricsPort = null)
{
    /// <summary>
    /// Serves <c>/metrics</c> until the result is disposed; null without a port. Throws <see cref="UsageException"/> when the port cannot
    /// be opened.
    /// </summary>
    public IDisposable? ServeMetrics() => MetricsPort is { } port ? MetricsServer.Start(port) : null;
}

/// <summary>Serves this process's metrics on the loopback interface, with the same metric names as a silo.</summary>
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
