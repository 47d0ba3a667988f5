using System.Net;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Silo.Options;

/// <summary>Reports every mistake in the options, one sentence each. <paramref name="fileExists"/> checks the certificate files.</summary>
public sealed class SiloOptionsValidator(Func<string, bool> fileExists) : IValidateOptions<SiloOptions>
{
    private static readonly string[] Formats = ["text", "json"];

    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, SiloOptions options)
    {
        var result = new ValidateOptionsResultBuilder();
        void Check(bool good, string mistake)
        {
            if (!good)
                result.AddError(mistake);
        }

        Check(options.Slots is >= 0 and <= 1024, $"--slots is {options.Slots}, but must be 0 (one less than the cores) to 1024.");
        Check(options.DrainSeconds is >= 1 and <= 3600, $"--drain-seconds is {options.DrainSeconds}, but must be 1 to 3600.");
        Check(Formats.Contains(options.LogFormat), $"--log-format is '{options.LogFormat}', but must be text or json.");
        foreach (var (port, number) in (ReadOnlySpan<(string, int)>)[("silo-port", options.SiloPort), ("gateway-port", options.GatewayPort)])
            Check(number is >= 1 and <= 65535, $"--{port} is {number}, but must be 1 to 65535: other processes connect to this port.");
        Check(options.HttpPort is >= 0 and <= 65535, $"--http-port is {options.HttpPort}, but must be 1 to 65535, or 0 for any free port.");
        Check(
            options.SiloPort != options.GatewayPort && options.SiloPort != options.HttpPort && options.GatewayPort != options.HttpPort,
            $"--silo-port {options.SiloPort}, --gateway-port {options.GatewayPort} and --http-port {options.HttpPort} must differ.");
        Check(IPAddress.TryParse(options.Address, out _) || options.Address == "auto",
            $"--address is '{options.Address}', but must be an IP address of this machine, or auto.");
        Check(!IPAddress.TryParse(options.Address, out var ip) || !ip.Equals(IPAddress.Any) && !ip.Equals(IPAddress.IPv6Any),
            $"--address is {options.Address}, to which no other silo or client can connect: give an address of this machine, or auto.");
        Check(options.Otlp is null || Uri.TryCreate(options.Otlp, UriKind.Absolute, out var collector) && collector.Scheme is "http" or "https",
            $"--otlp is '{options.Otlp}', but must be an address such as http://collector:4317.");

        foreach (var folder in options.ProgramFolders.Where(folder => !Directory.Exists(folder)))
            Check(false, $"--programs names the folder '{folder}', which does not exist.");
        foreach (var host in options.WebhookHosts.Where(host => host.Contains('/') || Uri.CheckHostName(host.Split(':')[0]) == UriHostNameType.Unknown))
            Check(false, $"--webhooks names '{host}', but must have hosts such as hooks.example.org, without https:// and path.");
        foreach (var (option, folder) in ((string, string?)[])[("data", options.Data), ("checkpoints", options.Checkpoints), ("artifacts", options.Artifacts)])
            Check(folder is null || Directory.Exists(folder), $"--{option} names the folder '{folder}', which does not exist.");
        Check(options.Checkpoints is null || options.Store is not null, "--checkpoints needs --store; without a store checkpoints are files of --home anyway.");
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
        Check(options.DashboardPassword is null || (options.Dashboard && given == 3),
            "--dashboard-password needs --dashboard, and --tls-certificate, --tls-key and --tls-authority: a password is only sent over HTTPS.");
        return result.Build();
    }

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
