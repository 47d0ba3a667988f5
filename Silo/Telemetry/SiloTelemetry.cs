using Microsoft.Extensions.Logging.Console;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Silo.Options;
using Sweeps.Telemetry;

namespace Silo.Telemetry;

/// <summary>Exports metrics of this product, Orleans and the runtime at <c>/metrics</c>, and traces over OTLP if an address was given.</summary>
public static class SiloTelemetry
{
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

/// <summary>Configures logging to standard output, as lines of text or as JSON objects with scopes.</summary>
internal static class SiloLogging
{
    public static void Configure(ILoggingBuilder logging, SiloOptions options)
    {
        logging.ClearProviders();
        logging.SetMinimumLevel(LogLevel.Information);
        logging.AddFilter("Microsoft", LogLevel.Warning);
        logging.AddFilter("Orleans", LogLevel.Warning);
        // Orleans uses Polly to place grains, and Polly logs every placement.
        logging.AddFilter("Polly", LogLevel.Warning);
        if (options.LogFormat == "json")
            logging.AddJsonConsole(console => (console.IncludeScopes, console.UseUtcTimestamp, console.TimestampFormat) = (true, true, "O"));
        else
            logging.AddSimpleConsole(console =>
                (console.SingleLine, console.TimestampFormat, console.ColorBehavior) = (true, "HH:mm:ss ", LoggerColorBehavior.Default));
    }
}
