using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Orleans.Dashboard;
using Silo.Options;
using Sweeps.Page;

namespace Silo.Health;

/// <summary>
/// The Orleans dashboard. It shows grain keys, states and logs and has no authentication. So requests are answered only from this machine, or with a
/// password over HTTPS.
/// </summary>
internal static class OrleansDashboard
{
    /// <summary>
    /// Listens at the silo's address and, with a dashboard, also at the loopback interface, so that a tunnel into a machine or container can reach it.
    /// </summary>
    public static void ListenAt(this KestrelServerOptions kestrel, IPAddress address, SiloOptions options)
    {
        var addresses = options.Dashboard && !IPAddress.IsLoopback(address) && !address.Equals(IPAddress.Any) && !address.Equals(IPAddress.IPv6Any)
            ? (IPAddress[])[address, IPAddress.Loopback]
            : [address];
        foreach (var one in addresses)
            kestrel.Listen(one, options.HttpPort, listen =>
            {
                if (options.HttpCertificate is { } certificate)
                    listen.UseHttps(certificate);
            });
    }

    public static void MapDashboard(this IEndpointRouteBuilder app, string? password, IPAddress address)
    {
        var guard = Guard(password, address);
        app.MapOrleansDashboard("/dashboard").AddEndpointFilter((context, next) => AdmitAsync(context, next, password, guard));
    }

    /// <summary>
    /// The guard against requests of other sites. With a password any host name is allowed: a browser sends the password only to the host for which it
    /// was entered.
    /// </summary>
    public static RequestGuard Guard(string? password, IPAddress address) => new(password is null ? [address.ToString()] : null);

    /// <summary>
    /// Answers only requests from this machine or, if there is a password, only requests that have it; and none that a page of another site makes.
    /// </summary>
    public static async ValueTask<object?> AdmitAsync(
        EndpointFilterInvocationContext context, EndpointFilterDelegate next, string? password, RequestGuard guard)
    {
        var http = context.HttpContext;
        if (guard.Refusal(http.Request) is { } refusal)
            return Results.Text($"{refusal}\n", statusCode: (int)HttpStatusCode.Forbidden);
        if (password is null)
            return http.Connection.IsFromThisMachine()
                ? await next(context)
                : Results.Text("only from this machine: --dashboard-password opens it to others\n", statusCode: (int)HttpStatusCode.Forbidden);
        if (HasPassword(http.Request.Headers.Authorization.ToString(), password))
            return await next(context);
        http.Response.Headers.WWWAuthenticate = "Basic realm=\"sweeps\", charset=\"UTF-8\"";
        return Results.StatusCode((int)HttpStatusCode.Unauthorized);
    }

    /// <summary>Whether a header of basic authentication has the password, compared in constant time. The user name is ignored.</summary>
    private static bool HasPassword(string authorization, string password)
    {
        const string scheme = "Basic ";
        var decoded = new byte[authorization.Length];
        if (!authorization.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)
            || !Convert.TryFromBase64String(authorization[scheme.Length..], decoded, out var length))
            return false;
        var given = Encoding.UTF8.GetString(decoded.AsSpan(0, length)).Split(':', 2);
        return given.Length == 2 && CryptographicOperations.FixedTimeEquals(
            SHA256.HashData(Encoding.UTF8.GetBytes(given[1])), SHA256.HashData(Encoding.UTF8.GetBytes(password)));
    }
}
