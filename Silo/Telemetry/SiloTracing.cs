using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Silo.Options;
using Sweeps.Telemetry;

namespace Silo.Telemetry;

/// <summary>Traces over OTLP, when an address was given: ours and the actor runtime's.</summary>
internal sealed class SiloTracing : IDisposable
{
    private readonly TracerProvider? provider;

    public SiloTracing(SiloOptions options, string node)
    {
        if (options.Otlp is null)
            return;
        provider = Sdk.CreateTracerProviderBuilder()
            .SetResourceBuilder(ResourceBuilder.CreateDefault().AddService("sweeps-silo", serviceInstanceId: node))
            .AddSource(SweepActivity.SourceName, "Microsoft.Orleans.Application", "Microsoft.Orleans.Lifecycle")
            .AddOtlpExporter(otlp => (otlp.Endpoint, otlp.Protocol) = (new Uri(options.Otlp), OtlpExportProtocol.Grpc))
            .Build();
    }

    public void Dispose() => provider?.Dispose();
}
