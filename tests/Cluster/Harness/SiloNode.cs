using System.Globalization;
using System.Net;
using Tests.Shared;

namespace Cluster.Harness;

/// <summary>A silo as a separate process. It keeps its ports after a restart.</summary>
internal sealed class SiloNode : IAsyncDisposable
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromMinutes(1) };

    private readonly string[] arguments;
    private readonly int httpPort = PostgresServer.FreePort();
    private readonly List<GuardedProcess> past = [];
    private GuardedProcess? process;
    private Task supervising = Task.CompletedTask;
    private volatile bool disposed;

    public SiloNode(string name, string store, int slots, params string[] more)
        : this(name, Machine.Local, store, slots, more)
    {
    }

    public SiloNode(string name, Machine machine, string store, int slots, params string[] more)
    {
        (Name, Machine) = (name, machine);
        SiloPort = PostgresServer.FreePort();
        GatewayPort = PostgresServer.FreePort();
        arguments = [
            .. machine.Inside, "dotnet", Path.Combine(AppContext.BaseDirectory, "Silo.dll"), "--store", store, "--slots", Text(slots),
            "--silo-port", Text(SiloPort), "--gateway-port", Text(GatewayPort), "--http-port", Text(httpPort),
            "--address", machine.Address, .. more,
        ];
    }

    public string Name { get; }

    public Machine Machine { get; }

    public int SiloPort { get; }

    public int GatewayPort { get; }

    public int HttpPort => httpPort;

    public int ProcessId => process!.Id;

    /// <summary>Whether a node in a log is a process of this silo. The name of a node contains its endpoint.</summary>
    public bool Is(string node) => node.Contains($":{SiloPort}@", StringComparison.Ordinal);

    public bool Running => process is { Ended.IsCompleted: false };

    public int ExitCode => process!.ExitCode;

    /// <summary>The output of all its processes.</summary>
    public string Output => string.Concat(past.Select(ended => ended.Output)) + process?.Output;

    public async Task StartAsync()
    {
        if (process is not null)
            past.Add(process);
        process = await GuardedProcess.StartAsync(arguments[0], arguments[1..]);
    }

    /// <summary>Restarts the silo whenever its process ends, as a supervisor does.</summary>
    public void Supervise() => supervising = SuperviseAsync();

    /// <summary>Waits until the silo reports ready.</summary>
    public Task ReadyAsync() => Eventually.SeeAsync(
        $"silo {Name} is ready", () => HealthAsync("ready"), health => health.Status == HttpStatusCode.OK, _ => 0, () => Output);

    /// <summary>Waits until its current process has written a text.</summary>
    public Task SawAsync(string expected) => process!.SawAsync(expected);

    public void Signal(string name) => process!.Signal(name);

    public Task KillAsync() => process!.KillAsync();

    public Task EndedAsync() => process!.Ended.WaitAsync(TimeSpan.FromSeconds(90));

    public async ValueTask DisposeAsync()
    {
        disposed = true;
        if (process is not null)
            await process.KillAsync();
        // After this no process is started and the list does not change.
        await supervising;
        foreach (var started in past.Append(process).OfType<GuardedProcess>())
            await started.DisposeAsync();
    }

    /// <summary>Waits until the silo reports not ready with this reason.</summary>
    public Task NotReadyAsync(string reason) => Eventually.SeeAsync(
        $"silo {Name} is not ready: {reason}", () => HealthAsync("ready"), health => health == (HttpStatusCode.ServiceUnavailable, reason + "\n"),
        _ => 0, () => Output);

    /// <summary>The answer of a health endpoint: <c>live</c> or <c>ready</c>.</summary>
    public async Task<(HttpStatusCode Status, string Text)> HealthAsync(string what)
    {
        using var answer = await Http.GetAsync(new Uri($"http://{Machine.Address}:{httpPort}/healthz/{what}"));
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    private async Task SuperviseAsync()
    {
        while (true)
        {
            await process!.Ended;
            if (disposed)
                return;
            await StartAsync();
            if (disposed)
                await process.KillAsync();
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
