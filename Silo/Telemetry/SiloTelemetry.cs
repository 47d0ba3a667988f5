using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Silo.Options;
using Sweeps.Telemetry;

namespace Silo.Telemetry;

/// <summary>Metrics for <c>/metrics</c>, and traces over OTLP when an address was given: ours and those of Orleans.</summary>
public static class SiloTelemetry
{
    /// <summary>Adds what a node serves and sends.</summary>
    public static void Add(IServiceCollection services, SiloOptions options, string node)
    {
        var telemetry = services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("sweeps-silo", serviceInstanceId: node))
            .WithMetrics(metrics => metrics.AddMeter(SweepMetrics.MeterName, "Microsoft.Orleans", "System.Runtime").AddPrometheusExporter());
        if (options.Otlp is { } collector)
            telemetry.WithTracing(tracing => tracing
                .AddSource(SweepActivity.SourceName, "Microsoft.Orleans.Application", "Microsoft.Orleans.Lifecycle")
                .AddOtlpExporter(otlp => (otlp.Endpoint, otlp.Protocol) = (new Uri(collector), OtlpExportProtocol.Grpc)));
    }
}
