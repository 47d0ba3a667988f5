using Microsoft.Extensions.Logging.Console;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Silo.Options;
using Sweeps.Telemetry;

namespace Silo.Telemetry;

/// <summary>Metrics for <c>/metrics</c>, and traces over OTLP when an address was given, of this product and of Orleans.</summary>
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

/// <summary>Logs on standard output: lines of text, or JSON objects with scopes.</summary>
internal static class SiloLogging
{
    public static void Configure(ILoggingBuilder logging, SiloOptions options)
    {
        logging.ClearProviders();
        logging.SetMinimumLevel(LogLevel.Information);
        logging.AddFilter("Microsoft", LogLevel.Warning);
        logging.AddFilter("Orleans", LogLevel.Warning);
        // Orleans places grains through Polly, which logs every placement.
        logging.AddFilter("Polly", LogLevel.Warning);
        if (options.LogFormat == "json")
            logging.AddJsonConsole(console => (console.IncludeScopes, console.UseUtcTimestamp, console.TimestampFormat) = (true, true, "O"));
        else
            logging.AddSimpleConsole(console =>
                (console.SingleLine, console.TimestampFormat, console.ColorBehavior) = (true, "HH:mm:ss ", LoggerColorBehavior.Default));
    }
}
