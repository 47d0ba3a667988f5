using System.Net;

namespace Silo.Health;

/// <summary>The liveness and readiness of this node. Both are in memory, so that a health probe waits neither for the cluster nor for the store.</summary>
public sealed class NodeHealth
{
    private volatile bool joined, draining;
    private volatile bool storeFails;

    public void Joined() => joined = true;

    /// <summary>Sets whether the node drains: it gives its runs back and requests no more work.</summary>
    public void Draining(bool on) => draining = on;

    /// <summary>Sets whether the last write to the store, an append or a probe of <see cref="StoreWatch"/>, succeeded.</summary>
    public void StoreAnswered(bool well) => storeFails = !well;

    public bool StoreFails => storeFails;

    /// <summary>The reason why the node is not ready; null if it is ready.</summary>
    public string? NotReady =>
        !joined ? "has not joined yet" : draining ? "drains" : storeFails ? "the store refuses writes" : null;
}

/// <summary><c>/healthz/live</c>, <c>/healthz/ready</c> and, for callers on this machine, <c>POST /drain</c>.</summary>
public static class HealthEndpoints
{
    /// <summary>
    /// Maps the endpoints. A process that answers is live; it is ready if <see cref="NodeHealth.NotReady"/> is null. A drain is refused if the request
    /// has an <c>Origin</c>: a page of another site that a browser on this machine shows could otherwise send it.
    /// </summary>
    public static void MapHealth(this IEndpointRouteBuilder app, NodeHealth health, Action drain)
    {
        app.MapGet("/healthz/live", () => Results.Text("live\n"));
        app.MapGet("/healthz/ready", () => health.NotReady is { } reason
            ? Results.Text($"{reason}\n", statusCode: (int)HttpStatusCode.ServiceUnavailable)
            : Results.Text("ready\n"));
        app.MapPost("/drain", (HttpContext context) =>
        {
            if (!context.Connection.IsFromThisMachine())
                return Results.Text("only from this machine\n", statusCode: (int)HttpStatusCode.Forbidden);
            if (context.Request.Headers.Origin.Count > 0)
                return Results.Text("not from a browser\n", statusCode: (int)HttpStatusCode.Forbidden);
            drain();
            return Results.Text("draining\n");
        });
    }

    /// <summary>Whether the caller is on this machine: it connects from the loopback interface or from the address at which it was accepted.</summary>
    public static bool IsFromThisMachine(this ConnectionInfo connection) =>
        connection.RemoteIpAddress is { } from && (IPAddress.IsLoopback(from) || from.Equals(connection.LocalIpAddress));
}
