using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Cluster.Harness;
using Microsoft.AspNetCore.Http;
using Silo.Health;
using Tests.Shared;

namespace Cluster.Silos;

/// <summary>The HTTP port of a single silo: drain, dashboard, password.</summary>
public sealed class SiloHttpTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly Authority authority = new();
    private readonly string port = Port(), siloPort = Port(), gatewayPort = Port();

    public void Dispose()
    {
        folder.Dispose();
        authority.Dispose();
    }

    [Fact]
    public async Task The_dashboard_is_served_when_asked_for_and_only_a_POST_drains()
    {
        await using var silo = await StartAsync("--dashboard");
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };

        Assert.Contains("<title>", await http.GetStringAsync("/dashboard"), StringComparison.Ordinal);
        await Eventually.SeeAsync(
            "the dashboard shows the silo", () => http.GetStringAsync("/dashboard/DashboardCounters"),
            counters => counters.Contains($"127.0.0.1:{siloPort}@", StringComparison.Ordinal), _ => 0, () => silo.Output);
        Assert.Contains("<title>Sweeps</title>", await http.GetStringAsync("/sweeps"), StringComparison.Ordinal);
        Assert.Contains("this cluster", await http.GetStringAsync("/sweeps/api/sweeps"), StringComparison.Ordinal);
        foreach (var (method, path) in ((HttpMethod, string)[])[(HttpMethod.Get, "/sweeps/api/sweeps"), (HttpMethod.Get, "/dashboard/version"), (HttpMethod.Post, "/drain")])
            foreach (var (header, value) in ((string, string)[])[("Host", "evil.example"), ("Origin", "http://evil.example")])
            {
                using var foreign = new HttpRequestMessage(method, path);
                foreign.Headers.Add(header, value);
                using var refused = await http.SendAsync(foreign);
                Assert.Equal((path, header, HttpStatusCode.Forbidden), (path, header, refused.StatusCode));
            }
        using (var get = await http.GetAsync("/drain"))
            Assert.Equal(HttpStatusCode.MethodNotAllowed, get.StatusCode);
        Assert.Equal("ready\n", await http.GetStringAsync("/healthz/ready"));

        Assert.Equal("draining\n", await RunAsync("--dashboard", "--drain"));
        using var ready = await http.GetAsync("/healthz/ready");

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "drains\n"), (ready.StatusCode, await ready.Content.ReadAsStringAsync()));
    }

    [Fact]
    public async Task With_a_password_the_port_speaks_HTTPS_and_the_dashboard_asks_for_it()
    {
        var own = authority.Issue();
        string[] secured =
        [
            "--dashboard", "--dashboard-password", "a:b ß", "--tls-certificate", own.Certificate, "--tls-key", own.Key, "--tls-authority", own.Authority,
        ];
        await using var silo = await StartAsync(secured);
        using var handler = new HttpClientHandler { ServerCertificateCustomValidationCallback = HttpClientHandler.DangerousAcceptAnyServerCertificateValidator };
        using var http = new HttpClient(handler) { BaseAddress = new Uri($"https://127.0.0.1:{port}") };

        Assert.Equal("ready\n", await http.GetStringAsync("/healthz/ready"));
        Assert.Equal(HttpStatusCode.Unauthorized, await DashboardAsync(http, null));
        Assert.Equal(HttpStatusCode.Unauthorized, await DashboardAsync(http, "somebody:wrong"));
        Assert.Equal(HttpStatusCode.Unauthorized, await DashboardAsync(http, "a:b ß"));
        Assert.Equal(HttpStatusCode.OK, await DashboardAsync(http, "somebody:a:b ß"));
        Assert.Equal(HttpStatusCode.Unauthorized, await DashboardAsync(http, null, "/sweeps/api/sweeps"));
        Assert.Equal(HttpStatusCode.OK, await DashboardAsync(http, "somebody:a:b ß", "/sweeps/api/sweeps"));
        Assert.Equal("draining\n", await RunAsync([.. secured, "--drain"]));
    }

    [PostgresFact]
    public async Task A_silo_whose_store_has_no_tables_or_does_not_answer_says_only_what_to_do()
    {
        await using var postgres = await PostgresServer.StartAsync();
        var empty = await RefusedAsync("--store", postgres.ConnectionString());
        var closed = await RefusedAsync("--store", $"Host=127.0.0.1;Port={Port()};Username=nobody");

        Assert.StartsWith("The silo could not start: The store has no tables yet. Create them with: ./sweep store init", empty, StringComparison.Ordinal);
        Assert.StartsWith("The silo could not start: The store does not answer: ", closed, StringComparison.Ordinal);

        async Task<string> RefusedAsync(params string[] more)
        {
            await using var silo = await GuardedProcess.StartAsync("dotnet", Arguments(more));
            await silo.Ended.WaitAsync(TimeSpan.FromMinutes(1));
            Assert.Equal(1, silo.ExitCode);
            return Assert.Single(silo.Output.Trim().Split('\n'));
        }
    }

    [Fact]
    public async Task A_drain_that_nobody_answers_says_so_at_an_address_of_IPv6_too()
    {
        var failed = await Assert.ThrowsAsync<InvalidOperationException>(() => RunAsync("--drain", "--address", "::1"));

        Assert.Contains($"ended with 1:\nNo silo answers at http://[::1]:{port}/drain: ", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_the_option_there_is_no_dashboard()
    {
        await using var silo = await StartAsync();
        using var http = new HttpClient();

        foreach (var path in (string[])["dashboard", "sweeps"])
        {
            using var answer = await http.GetAsync(new Uri($"http://127.0.0.1:{port}/{path}/"));
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }
    }

    [Fact]
    public async Task The_service_manager_learns_when_the_silo_has_joined_its_cluster()
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(folder["notify"]));
        // The silo notifies its parent process only if its name is systemd.
        File.Copy("/bin/sh", folder["systemd"]);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder["systemd"], UnixFileMode.UserRead | UnixFileMode.UserExecute);
        await using var silo = await GuardedProcess.StartAsync(
            folder["systemd"], ["-c", "setpriv --pdeathsig KILL dotnet \"$@\" & child=$!; trap 'kill $child' TERM; wait; wait", "systemd", .. Arguments([])],
            new Dictionary<string, string?> { ["NOTIFY_SOCKET"] = folder["notify"] });
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(3));

        Assert.Contains("READY=1", await ReceiveAsync(), StringComparison.Ordinal);
        using var http = new HttpClient();
        Assert.Equal("ready\n", await http.GetStringAsync(new Uri($"http://127.0.0.1:{port}/healthz/ready")));
        silo.Signal("TERM");
        Assert.Contains("STOPPING=1", await ReceiveAsync(), StringComparison.Ordinal);
        await silo.Ended.WaitAsync(limit.Token);

        async Task<string> ReceiveAsync()
        {
            var bytes = new byte[1024];
            return Encoding.UTF8.GetString(bytes, 0, await socket.ReceiveAsync(bytes, limit.Token));
        }
    }

    [Theory]
    [InlineData("127.0.0.1", "127.0.0.1", true)]
    [InlineData("10.0.0.7", "10.0.0.7", true)]
    [InlineData("10.0.0.8", "10.0.0.7", false)]
    [InlineData("::ffff:10.0.0.8", "10.0.0.7", false)]
    public void Both_ends_of_a_connection_say_whether_it_comes_from_this_machine(string from, string to, bool same)
    {
        var connection = new DefaultHttpContext().Connection;
        (connection.RemoteIpAddress, connection.LocalIpAddress) = (IPAddress.Parse(from), IPAddress.Parse(to));

        Assert.Equal(same, connection.IsFromThisMachine());
    }

    private static string Port() => PostgresServer.FreePort().ToString(CultureInfo.InvariantCulture);

    private static async Task<HttpStatusCode> DashboardAsync(HttpClient http, string? credentials, string path = "/dashboard/version")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (credentials is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials)));
        using var answer = await http.SendAsync(request);
        return answer.StatusCode;
    }

    private string[] Arguments(string[] more) =>
    [
        Path.Combine(AppContext.BaseDirectory, "Silo.dll"), "--home", folder["home"], "--slots", "1", "--http-port", port, "--silo-port", siloPort,
        "--gateway-port", gatewayPort, .. more,
    ];

    private async Task<GuardedProcess> StartAsync(params string[] more)
    {
        var silo = await GuardedProcess.StartAsync("dotnet", Arguments(more));
        await silo.SawAsync("Metrics: ");
        return silo;
    }

    private Task<string> RunAsync(params string[] more) => GuardedProcess.RunAsync("dotnet", Arguments(more));
}
