using System.Net;

namespace Silo.Health;

/// <summary><c>/healthz/live</c>, <c>/healthz/ready</c> and, for hooks on this machine, <c>POST /drain</c>.</summary>
public static class HealthEndpoints
{
    /// <summary>Maps them. Liveness is the answer itself; readiness is what <see cref="NodeHealth"/> says.</summary>
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
            drain();
            return Results.Text("draining\n");
        });
    }

    /// <summary>Whether both ends are this machine: the loopback interface, or its own address.</summary>
    public static bool IsFromThisMachine(this ConnectionInfo connection) =>
        connection.RemoteIpAddress is { } from && (IPAddress.IsLoopback(from) || from.Equals(connection.LocalIpAddress));
}
