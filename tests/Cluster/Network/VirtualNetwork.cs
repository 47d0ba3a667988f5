using System.Globalization;
using Cluster.Harness;
using Tests.Shared;

namespace Cluster.Network;

/// <summary>
/// A virtual network on this machine: each virtual machine is a network namespace with a link to a bridge in another namespace. The test
/// and its PostgreSQL are connected to the bridge too. A namespace exists only while a process holds it, so nothing is left after the test.
/// </summary>
internal sealed class VirtualNetwork : IAsyncDisposable
{
    private const string Hold = "ip link set lo up; echo ready; exec sleep infinity";

    private readonly List<GuardedProcess> machines = [];
    private readonly GuardedProcess hub;

    private VirtualNetwork(GuardedProcess hub) => this.hub = hub;

    /// <summary>The address of the test. The range is reserved for network benchmarks (RFC 2544); the third number is random.</summary>
    public string Address => AddressOf(1);

    /// <summary>Creates a network.</summary>
    public static async Task<VirtualNetwork> StartAsync()
    {
        var network = new VirtualNetwork(await NamespaceAsync());
        try
        {
            await network.OnHubAsync("ip link add switch type bridge");
            await network.OnHubAsync("ip link set switch up");
            var cable = $"sweeps{network.hub.Id}";
            await RunAsync($"ip link add {cable} type veth peer name port1 netns {network.hub.Id}");
            await network.PlugInAsync(1);
            await RunAsync($"ip address add {network.Address}/24 dev {cable}");
            await RunAsync($"ip link set {cable} up");
            return network;
        }
        catch
        {
            await network.DisposeAsync();
            throw;
        }
    }

    /// <summary>Adds a machine.</summary>
    public async Task<Machine> AddMachineAsync()
    {
        var machine = await NamespaceAsync();
        int number;
        lock (machines)
        {
            machines.Add(machine);
            number = machines.Count + 1;
        }
        await OnHubAsync($"ip link add port{number} type veth peer name eth0 netns {machine.Id}");
        await PlugInAsync(number);
        string[] inside = ["nsenter", "-t", Text(machine.Id), "-n"];
        await RunAsync($"{string.Join(' ', inside)} ip address add {AddressOf(number)}/24 dev eth0");
        await RunAsync($"{string.Join(' ', inside)} ip link set eth0 up");
        return new Machine(AddressOf(number), inside);
    }

    /// <summary>Takes a machine's link down: packets to and from it are lost without an error.</summary>
    public Task CutAsync(Machine machine) => OnHubAsync($"ip link set {PortOf(machine)} down");

    /// <summary>Brings the link up again.</summary>
    public Task HealAsync(Machine machine) => OnHubAsync($"ip link set {PortOf(machine)} up");

    public async ValueTask DisposeAsync()
    {
        foreach (var machine in machines)
            await machine.DisposeAsync();
        await hub.DisposeAsync();
    }

    private static async Task<GuardedProcess> NamespaceAsync()
    {
        var holder = await GuardedProcess.StartAsync("unshare", ["-n", "bash", "-c", Hold]);
        await holder.SawAsync("ready");
        return holder;
    }

    private async Task PlugInAsync(int number)
    {
        await OnHubAsync($"ip link set port{number} master switch");
        await OnHubAsync($"ip link set port{number} up");
    }

    private Task<string> OnHubAsync(string command) => RunAsync($"nsenter -t {hub.Id} -n {command}");

    private static Task<string> RunAsync(string command)
    {
        var words = command.Split(' ');
        return GuardedProcess.RunAsync(words[0], words[1..]);
    }

    private string AddressOf(int number) => $"198.18.{hub.Id % 256}.{number}";

    private static string PortOf(Machine machine) => $"port{machine.Address.Split('.')[3]}";

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
