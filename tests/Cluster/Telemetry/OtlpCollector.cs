using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Cluster.Telemetry;

/// <summary>A collector of traces on loopback: OTLP over gRPC, on HTTP/2 without TLS.</summary>
internal sealed class OtlpCollector : IAsyncDisposable
{
    private readonly ConcurrentQueue<OtlpSpan> spans = new();
    private readonly WebApplication app;

    private OtlpCollector(WebApplication app) => this.app = app;

    /// <summary>The address for <c>--otlp</c>.</summary>
    public string Address => app.Urls.Single();

    /// <summary>All spans received so far.</summary>
    public IReadOnlyList<OtlpSpan> Spans => [.. spans];

    public static async Task<OtlpCollector> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
            kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        var app = builder.Build();
        var collector = new OtlpCollector(app);
        app.Run(collector.ExportAsync);
        await app.StartAsync();
        return collector;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    /// <summary>A gRPC message is a byte for compression, four for the length, and the content; the answer is an empty message.</summary>
    private async Task ExportAsync(HttpContext context)
    {
        Assert.Equal("/opentelemetry.proto.collector.trace.v1.TraceService/Export", context.Request.Path);
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        foreach (var span in OtlpSpan.ReadRequest(body.ToArray().AsSpan(5)))
            spans.Enqueue(span);
        context.Response.ContentType = "application/grpc";
        await context.Response.Body.WriteAsync(new byte[5]);
        context.Response.AppendTrailer("grpc-status", "0");
    }
}
