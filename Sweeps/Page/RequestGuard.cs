using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Sweeps.Page;

/// <summary>
/// Refuses requests that another site makes in the user's browser: requests with an unknown Host (DNS rebinding: an attacker's name that
/// resolves to this machine), with a foreign Origin, and cross-site requests other than GET. A request to steer also needs
/// <see cref="Token"/>.
/// </summary>
/// <param name="hosts">
/// The host names under which the page can be reached, in addition to loopback names and addresses; null for any.
/// </param>
public sealed class RequestGuard(IReadOnlyCollection<string>? hosts)
{
    /// <summary>The header of a request to steer.</summary>
    public const string TokenHeader = "X-Sweep-Token";

    /// <summary>A secret of this process that the page sends with requests to steer.</summary>
    public string Token { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));

    /// <summary>The reason why a request is refused; null if it is allowed.</summary>
    public string? Refusal(HttpRequest request)
    {
        if (!Knows(request.Host.Host))
            return $"This page is not served under the name of the Host header. Open it at a loopback address, such as http://127.0.0.1:{request.HttpContext.Connection.LocalPort}/.";
        if (request.Headers.Origin is { Count: > 0 } origin && (origin.Count > 1 || origin[0] != $"{request.Scheme}://{request.Host}"))
            return "The request comes from another site.";
        return request.Headers["Sec-Fetch-Site"] is { Count: > 0 } site && site[0] is not ("same-origin" or "none") && !HttpMethods.IsGet(request.Method)
            ? "The request comes from another site."
            : null;
    }

    /// <summary>Whether a request to steer has the token.</summary>
    public bool MaySteer(HttpRequest request) => request.Headers[TokenHeader] is [{ } given]
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(Token));

    private bool Knows(string host) => hosts is null || host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address))
        || hosts.Contains(host, StringComparer.OrdinalIgnoreCase);
}
