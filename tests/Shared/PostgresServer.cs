using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Tests.Shared;

/// <summary>
/// A PostgreSQL server for tests: in a temporary folder, on a free loopback port, removed after the tests. It can be killed and started
/// again. Only a durable server flushes commits to the disk; without that, commits survive a kill of the process in the cache of the
/// operating system.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private const string Ready = "database system is ready to accept connections";
    private const string OldProcessesLeft = "is still in use";

    // Below the ports that systems give to outgoing connections (32768 on Linux, 49152 elsewhere). A port from that range could be taken by a connection
    // while the process that listens there is restarted. Test processes that run at the same time begin at different ports.
    private const int FirstPort = 20_000, Ports = 12_000;

    private static readonly string? Binaries = FindBinaries();

    private static readonly Lazy<Task<string>> Template = new(CreateTemplateAsync);

    private static int lastPort = Environment.ProcessId * 997 % Ports;

    private readonly string folder;
    private readonly bool durable;
    private readonly string? network;
    private GuardedProcess? process;

    private PostgresServer(string folder, int port, bool durable, string? network)
    {
        (this.folder, this.durable, this.network) = (folder, durable, network);
        Port = port;
    }

    /// <summary>The reason why tests that need PostgreSQL are skipped, or null. On the build server they are never skipped.</summary>
    public static string? Missing { get; } = Binaries is not null || Environment.GetEnvironmentVariable("CI") == "true" ? null
        : "PostgreSQL is not installed: no postgres under /usr/lib/postgresql/*/bin or in the PATH.";

    /// <summary>The loopback port, the same after a restart.</summary>
    public int Port { get; }

    /// <summary>Creates and starts a server. It has a database <c>sweeps</c>.</summary>
    public static Task<PostgresServer> StartAsync() => StartAsync(durable: false, network: null);

    /// <summary>Creates and starts a server whose commits are flushed to the disk, as in production.</summary>
    public static Task<PostgresServer> StartDurableAsync() => StartAsync(durable: true, network: null);

    /// <summary>
    /// The same as <see cref="StartAsync()"/>, but it also listens on an address of this machine and accepts clients of its /24 network.
    /// </summary>
    public static Task<PostgresServer> StartAsync(string network) => StartAsync(durable: false, network);

    private static async Task<PostgresServer> StartAsync(bool durable, string? network)
    {
        var server = new PostgresServer(await CreateFolderAsync(), FreePort(), durable, network);
        await RunAsync("cp", "-a", await Template.Value, server.Data);
        if (network is not null)
            await File.AppendAllTextAsync(Path.Combine(server.Data, "pg_hba.conf"), $"host all all {network}/24 trust\n");
        await server.StartAgainAsync();
        return server;
    }

    /// <summary>
    /// Creates a data folder with the empty database <c>sweeps</c>, which is copied for every server of this process: initdb takes longer than the
    /// start of a server.
    /// </summary>
    private static async Task<string> CreateTemplateAsync()
    {
        var server = new PostgresServer(await CreateFolderAsync(), FreePort(), durable: false, network: null);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(server.folder, recursive: true);
        await ToolAsync("initdb", "-D", server.Data, "-U", "sweeps", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync");
        await server.StartAgainAsync();
        await server.CreateDatabaseAsync("sweeps");
        await server.StopAsync();
        return server.Data;
    }

    private static async Task<string> CreateFolderAsync()
    {
        var folder = Directory.CreateTempSubdirectory("sweep-postgres-").FullName;
        if (Environment.UserName == "root")
            await GuardedProcess.RunAsync("chown", ["postgres", folder]);
        return folder;
    }

    /// <summary>The connection string of a database.</summary>
    public string ConnectionString(string database = "sweeps") => string.Create(
        CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={Port};Database={database};Username=sweeps;Maximum Pool Size=20;Timeout=5");

    /// <summary>Creates a database and returns its connection string.</summary>
    public async Task<string> CreateDatabaseAsync(string name)
    {
        await ToolAsync("createdb", "-h", "127.0.0.1", "-p", Port.ToString(CultureInfo.InvariantCulture), "-U", "sweeps", name);
        return ConnectionString(name);
    }

    /// <summary>Kills the server: it writes no last checkpoint, and connections break.</summary>
    public async Task KillAsync() => await process!.KillAsync();

    /// <summary>Starts the server after <see cref="KillAsync"/>; it recovers from its write-ahead log.</summary>
    public async Task StartAgainAsync()
    {
        // The server refuses to start until the backend processes of the killed one have ended.
        for (var attempt = 1; ; attempt++)
        {
            process = await StartProcessAsync();
            try
            {
                await process.SawAsync(Ready);
                return;
            }
            catch (InvalidOperationException e) when (attempt < 100 && e.Message.Contains(OldProcessesLeft, StringComparison.Ordinal))
            {
                await process.DisposeAsync();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>A loopback port that is free at this moment, and that no other call in this process returns.</summary>
    public static int FreePort()
    {
        while (true)
        {
            var port = FirstPort + Interlocked.Increment(ref lastPort) % Ports;
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Another process listens there.
            }
        }
    }

    private string Data => Path.Combine(folder, "data");

    private Task<GuardedProcess> StartProcessAsync()
    {
        var (program, arguments) = Unprivileged(Tool("postgres"), [
            "-D", Data, "-h", network is null ? "127.0.0.1" : $"127.0.0.1,{network}", "-p", Port.ToString(CultureInfo.InvariantCulture),
            "-c", "unix_socket_directories=", "-c", durable ? "fsync=on" : "fsync=off", "-c", "max_connections=200", "-c", "lc_messages=C",
        ]);
        return GuardedProcess.StartAsync(program, arguments);
    }

    private async Task StopAsync()
    {
        if (process is null)
            return;
        process.Signal("INT");
        await process.Ended;
        await process.DisposeAsync();
    }

    private static Task ToolAsync(string tool, params string[] arguments) => RunAsync(Tool(tool), arguments);

    private static async Task RunAsync(string program, params string[] arguments)
    {
        var (unprivileged, all) = Unprivileged(program, arguments);
        await GuardedProcess.RunAsync(unprivileged, all);
    }

    private static string Tool(string tool) => Path.Combine(
        Binaries ?? throw new InvalidOperationException("PostgreSQL is not installed, and CI=true says that it must be."), tool);

    // The server refuses to run as root.
    private static (string Program, string[] Arguments) Unprivileged(string program, string[] arguments) => Environment.UserName != "root"
        ? (program, arguments)
        : ("setpriv", ["--reuid=postgres", "--regid=postgres", "--clear-groups", program, .. arguments]);

    private static string? FindBinaries()
    {
        var installed = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin"))
            : [];
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return installed.OrderDescending(StringComparer.Ordinal).Concat(path).FirstOrDefault(bin => File.Exists(Path.Combine(bin, "postgres")));
    }
}
