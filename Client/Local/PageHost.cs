using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sweeps.Page;

namespace Client.Local;

/// <summary>An HTTP server on the loopback interface that serves the page.</summary>
public sealed class PageHost : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly PageServer server;
    private readonly RequestGuard guard;

    private PageHost(WebApplication app, PageServer server, RequestGuard guard) => (this.app, this.server, this.guard) = (app, server, guard);

    /// <summary>
    /// The page's address. Its fragment (#) contains the token for steering: browsers do not send the fragment, so it appears in no request
    /// or log.
    /// </summary>
    /// <param name="sweep">The sweep that the page opens, or null for the newest.</param>
    public string AddressOf(string? sweep) => $"{app.Urls.First()}/#token={guard.Token}{(sweep is null ? "" : $"&sweep={sweep}")}";

    /// <summary>Starts a server.</summary>
    /// <param name="source">The sweeps.</param>
    /// <param name="port">The port, or 0 for any free one.</param>
    /// <param name="orAnyPort">Whether to use any free port when <paramref name="port"/> is taken.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancel">Cancels the start.</param>
    /// <exception cref="UsageException">The port is taken.</exception>
    public static async Task<PageHost> StartAsync(IPageSource source, int port, bool orAnyPort, TimeProvider time, CancellationToken cancel)
    {
        try
        {
            return await StartAsync(source, port, time, cancel);
        }
        catch (IOException) when (orAnyPort && port != 0)
        {
            return await StartAsync(source, 0, time, cancel);
        }
        catch (IOException e)
        {
            throw new UsageException($"--port {port}: another program listens there. Give another port, or 0 for any free one.", e);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // Live pages keep their connections open, so the shutdown timeout of the host is 0.
        await app.DisposeAsync();
        server.Dispose();
    }

    private static async Task<PageHost> StartAsync(IPageSource source, int port, TimeProvider time, CancellationToken cancel)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        builder.Services.AddRoutingCore();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.Zero);
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var guard = new RequestGuard([]);
        var server = new PageServer(source, guard, time);
        server.Map(app, tokenInPage: false);
        try
        {
            await app.StartAsync(cancel);
        }
        catch
        {
            await app.DisposeAsync();
            server.Dispose();
            throw;
        }
        return new PageHost(app, server, guard);
    }
}
