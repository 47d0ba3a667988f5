using System.Collections.Concurrent;
using System.Data.Common;
using System.Net;
using System.Net.Sockets;
using Npgsql;
using Sweeps.Page;

namespace Silo.Health;

/// <summary>The parts of the store that a node writes to.</summary>
public enum StorePart
{
    /// <summary>The logs of the sweeps.</summary>
    Log,

    /// <summary>The checkpoints and the weights of the runs.</summary>
    Checkpoints,
}

/// <summary>The liveness and readiness of this node. Both are in memory, so that a health probe waits neither for the cluster nor for the store.</summary>
public sealed class NodeHealth(TimeProvider time)
{
    /// <summary>
    /// The time after a refused write during which a successful probe does not count. A full disk accepts the small row of a probe and refuses a large
    /// checkpoint, which is written again within two seconds; the node would be ready and not ready in turn.
    /// </summary>
    private static readonly TimeSpan Recent = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<StorePart, Trouble> troubles = new();
    private volatile bool joined, draining;

    public void Joined() => joined = true;

    /// <summary>Sets whether the node drains: it gives its runs back and requests no more work.</summary>
    public void Draining(bool on) => draining = on;

    /// <summary>The store has accepted a write of this node.</summary>
    public void StoreWrote(StorePart part) => troubles.TryRemove(part, out _);

    /// <summary>
    /// A write of this node has failed. An error that concerns only the written data says nothing about the store, and has no effect.
    /// </summary>
    public void StoreFailed(StorePart part, Exception problem)
    {
        if (problem is not DbException { SqlState: ['2', '2' or '3', ..] or ['5', '4', ..] })
            troubles[part] = new Trouble(What(part, problem), problem.Message.Split('\n')[0].TrimEnd(), time.GetTimestamp());
    }

    /// <summary>A write that leaves no trace was tried, with this result.</summary>
    public void StoreProbed(StorePart part, Exception? problem)
    {
        if (troubles.TryGetValue(part, out var known) && known.WriteFailedAt is { } at && time.GetElapsedTime(at) < Recent)
            return;
        if (problem is null)
            troubles.TryRemove(part, out _);
        else
            troubles[part] = new Trouble(What(part, problem), problem.Message.Split('\n')[0].TrimEnd(), null);
    }

    /// <summary>What is wrong with the store, and the store's own reason; null if it accepts writes.</summary>
    public string? StoreTrouble => First is { } trouble ? $"{trouble.What}: {trouble.Why}" : null;

    /// <summary>The reason why the node is not ready; null if it is ready.</summary>
    public string? NotReady => !joined ? "has not joined yet" : draining ? "drains" : First?.What;

    private Trouble? First => troubles.GetValueOrDefault(StorePart.Log) ?? troubles.GetValueOrDefault(StorePart.Checkpoints);

    private static string What(StorePart part, Exception problem) => problem switch
    {
        // Class 57P: the server is shutting down or starting; 08: the connection was lost.
        PostgresException { SqlState: ['5', '7', 'P', ..] or ['0', '8', ..] } => "the store cannot be reached",
        PostgresException => Refuses(part),
        DbException or SocketException or TimeoutException => "the store cannot be reached",
        _ => Refuses(part),
    };

    private static string Refuses(StorePart part) => part == StorePart.Log ? "the store refuses writes" : "the store refuses checkpoints";

    /// <summary>Why a part of the store does not accept writes.</summary>
    /// <param name="What">The problem.</param>
    /// <param name="Why">The first line of the store's error.</param>
    /// <param name="WriteFailedAt">The time of the failed write; null if only a probe has failed.</param>
    private sealed record Trouble(string What, string Why, long? WriteFailedAt);
}

/// <summary><c>/healthz/live</c>, <c>/healthz/ready</c> and, for callers on this machine, <c>POST /drain</c>.</summary>
public static class HealthEndpoints
{
    /// <summary>
    /// Maps the endpoints. A process that answers is live; it is ready if <see cref="NodeHealth.NotReady"/> is null. <paramref name="guard"/> refuses a
    /// drain that a page of another site requests in a browser on this machine.
    /// </summary>
    public static void MapHealth(this IEndpointRouteBuilder app, NodeHealth health, Action drain, RequestGuard guard)
    {
        app.MapGet("/healthz/live", () => Results.Text("live\n"));
        app.MapGet("/healthz/ready", () => health.NotReady is { } reason
            ? Results.Text($"{reason}\n", statusCode: (int)HttpStatusCode.ServiceUnavailable)
            : Results.Text("ready\n"));
        app.MapPost("/drain", (HttpContext context) =>
        {
            var refusal = context.Connection.IsFromThisMachine() ? guard.Refusal(context.Request) : "only from this machine";
            if (refusal is not null)
                return Results.Text($"{refusal}\n", statusCode: (int)HttpStatusCode.Forbidden);
            drain();
            return Results.Text("draining\n");
        });
    }

    /// <summary>Whether the caller is on this machine: it connects from the loopback interface or from the address at which it was accepted.</summary>
    public static bool IsFromThisMachine(this ConnectionInfo connection) =>
        connection.RemoteIpAddress is { } from && (IPAddress.IsLoopback(from) || from.Equals(connection.LocalIpAddress));
}
