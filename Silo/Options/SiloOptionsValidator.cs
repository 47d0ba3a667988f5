using System.Net;
using Npgsql;

namespace Silo.Options;

/// <summary>Says everything that is wrong with the options, one sentence a mistake.</summary>
public static class SiloOptionsValidator
{
    private static readonly string[] Formats = ["text", "json"];

    /// <summary>The mistakes; empty when there are none. <paramref name="fileExists"/> looks at certificate files.</summary>
    public static IReadOnlyList<string> Validate(SiloOptions options, Func<string, bool> fileExists)
    {
        var mistakes = new List<string>();
        void Check(bool good, string mistake)
        {
            if (!good)
                mistakes.Add(mistake);
        }

        Check(options.Slots is >= 0 and <= 1024, $"--slots is {options.Slots}, but must be 0 (one less than the cores) to 1024.");
        Check(options.DrainSeconds is >= 1 and <= 3600, $"--drain-seconds is {options.DrainSeconds}, but must be 1 to 3600.");
        Check(Formats.Contains(options.LogFormat), $"--log-format is '{options.LogFormat}', but must be text or json.");
        foreach (var (name, port) in Ports(options))
            Check(port is >= 0 and <= 65535, $"--{name} is {port}, but a port is 0 to 65535.");
        Check(
            options.SiloPort != options.GatewayPort && options.SiloPort != options.HttpPort && options.GatewayPort != options.HttpPort,
            $"--silo-port {options.SiloPort}, --gateway-port {options.GatewayPort} and --http-port {options.HttpPort} must differ.");
        Check(IPAddress.TryParse(options.Address, out _) || options.Address == "auto",
            $"--address is '{options.Address}', but must be an IP address of this machine, or auto.");

        Check(options.Store is not null || !options.InitStore, "--init-store needs --store.");
        Check(options.Store is null || IsConnectionString(options.Store),
            "--store is not a PostgreSQL connection string; it looks like \"Host=db;Database=sweeps;Username=…;Password=…\".");

        string?[] tls = [options.TlsCertificate, options.TlsKey, options.TlsAuthority];
        var given = tls.Count(file => file is not null);
        Check(given is 0 or 3, "--tls-certificate, --tls-key and --tls-authority go together: give all three or none.");
        foreach (var file in tls)
            Check(file is null || fileExists(file), $"The certificate file '{file}' does not exist or cannot be read.");
        Check(given == 3 || options.Insecure || IsLoopback(options.Address),
            $"--address {options.Address} can be reached from other machines, and there are no certificates: give --tls-certificate, --tls-key and "
            + "--tls-authority, or --insecure true on a private network.");
        return mistakes;
    }

    private static (string Name, int Port)[] Ports(SiloOptions options) =>
        [("silo-port", options.SiloPort), ("gateway-port", options.GatewayPort), ("http-port", options.HttpPort)];

    private static bool IsLoopback(string address) => IPAddress.TryParse(address, out var ip) && IPAddress.IsLoopback(ip);

    private static bool IsConnectionString(string store)
    {
        try
        {
            return !string.IsNullOrEmpty(new NpgsqlConnectionStringBuilder(store).Host);
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
