using System.Net;
using System.Net.Sockets;
using Silo.Health;
using Silo.Options;
using Silo.Orleans;
using Silo.Telemetry;
using Sweeps.Nodes;
using Sweeps.Page;
using Sweeps.Telemetry;

namespace Silo;

/// <summary>The silo process: Orleans, slots, metrics, health.</summary>
internal static class SiloProcess
{
    /// <summary>Runs until SIGTERM or Ctrl-C has drained the silo, and returns 0; returns 1 if it could not start.</summary>
    public static async Task<int> RunAsync(SiloOptions options)
    {
        // Ask the store first: if Orleans cannot use it, Orleans logs the exception many times, with stack traces, before it gives up.
        if (options.Store is { } store && await SiloStore.ProblemAsync(store) is { } problem)
            return await CannotStartAsync(problem);
        WebApplication? app = null;
        IPAddress address;
        try
        {
            address = AddressOf(options);
            app = Build(options, address);
            await app.StartAsync();
        }
        catch (Exception e)
        {
            // Dispose first, which writes the rest of the log, so that the reason is the last line.
            if (app is not null)
                await app.DisposeAsync();
            return await CannotStartAsync(Root(e).Message);
        }
        await using var started = app;
        app.Logger.Starting(
            app.Services.GetRequiredService<SlotPool>().Count, options.Store is null ? "none" : "PostgreSQL", address.ToString(), app.Urls.First());
        if (options.Dashboard)
            app.Logger.DashboardServed(app.Urls.First());
        await app.WaitForShutdownAsync();
        return 0;
    }

    /// <summary>
    /// The address of <c>--address</c>; <c>auto</c> is the first one of this machine that is not loopback. Throws
    /// <see cref="InvalidOperationException"/> if the machine does not know its own name.
    /// </summary>
    public static IPAddress AddressOf(SiloOptions options)
    {
        if (options.Address != "auto")
            return IPAddress.Parse(options.Address);
        try
        {
            return Dns.GetHostAddresses(Dns.GetHostName(), AddressFamily.InterNetwork).FirstOrDefault(ip => !IPAddress.IsLoopback(ip)) ?? IPAddress.Loopback;
        }
        catch (SocketException e)
        {
            throw new InvalidOperationException(
                $"--address is auto, but the name of this machine, '{Dns.GetHostName()}', cannot be resolved ({e.Message}): give its IP address with --address.", e);
        }
    }

    private static WebApplication Build(SiloOptions options, IPAddress address)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenAt(address, options));
        // Notifies systemd when the silo is ready and when it stops. It has no effect if systemd did not start the process.
        builder.Services.AddSystemd();
        SiloLogging.Configure(builder.Logging, options);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(options.DrainSeconds + 5));

        var slots = options.Slots > 0 ? options.Slots : SlotPool.AllCoresButOne;
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<SweepMetrics>();
        builder.Services.AddSingleton<NodeHealth>();
        builder.Services.AddSingleton(_ => new SlotPool(
            slots, resources: options.RunsPrograms ? NodeResources.Detect(Environment.GetEnvironmentVariable) : null));
        SiloStore.Add(builder.Services, options);
        SiloTelemetry.Add(builder.Services, options, $"{address}:{options.SiloPort}");
        builder.Host.UseOrleans(silo => OrleansHost.Configure(silo, options, address));
        NodeRegistration.Add(builder.Services);
        builder.Services.AddHostedService<MembershipWatcher>();
        // Hosted services stop in reverse order, so the slots are drained before the silo leaves its cluster.
        builder.Services.AddHostedService<NodeHostedService>();

        var app = builder.Build();
        app.MapPrometheusScrapingEndpoint("/metrics");
        app.MapHealth(
            app.Services.GetRequiredService<NodeHealth>(), app.Services.GetRequiredService<NodeDrain>().Request, new RequestGuard([address.ToString()]));
        if (options.Dashboard)
        {
            app.MapDashboard(options.DashboardPassword, address);
            app.MapSweepPage(options.DashboardPassword, address);
        }
        return app;
    }

    private static async Task<int> CannotStartAsync(string problem)
    {
        await Console.Error.WriteLineAsync($"The silo could not start: {problem}");
        return 1;
    }

    private static Exception Root(Exception e) => e.InnerException is { } inner ? Root(inner) : e;
}
