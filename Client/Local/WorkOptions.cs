using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using Sweeps.Telemetry;

namespace Client.Local;

/// <summary>How this process works on a sweep.</summary>
/// <param name="Data">The folder of data sets from the command line, or null.</param>
/// <param name="Slots">How many runs train at a time, or null for one per core.</param>
/// <param name="MetricsPort">The loopback port of <c>/metrics</c>, or null for none.</param>
public sealed record WorkOptions(string? Data, int? Slots, int? MetricsPort = null)
{
    /// <summary>Serves <c>/metrics</c> until the result is disposed, when a port was given. Throws <see cref="UsageException"/> when it cannot be opened.</summary>
    public IDisposable? ServeMetrics() => MetricsPort is { } port ? MetricsServer.Start(port) : null;
}

/// <summary>Serves this process's metrics on the loopback interface, with the same names as a silo.</summary>
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
