using System.Security.Cryptography.X509Certificates;
using Grains;

namespace Silo.Options;

/// <summary>The options of a silo, read by <see cref="SiloConfiguration"/>.</summary>
public sealed record SiloOptions
{
    /// <summary>PostgreSQL connection string of log, checkpoints and membership. Default: none, which is a cluster of one silo on this machine.</summary>
    public string? Store { get; init; }

    /// <summary>Runs trained at once. Default: 0, which is one less than the cores, at least 1.</summary>
    public int Slots { get; init; }

    /// <summary>The IP address at which silos and clients reach this one; <c>auto</c> is this machine's first address. Default: 127.0.0.1.</summary>
    public string Address { get; init; } = "127.0.0.1";

    /// <summary>Port for other silos. Default: 11111.</summary>
    public int SiloPort { get; init; } = 11111;

    /// <summary>Port for clients. Default: 30000.</summary>
    public int GatewayPort { get; init; } = 30000;

    /// <summary>Port of <c>/metrics</c> and <c>/healthz</c>. Default: 8080; 0 takes a free one.</summary>
    public int HttpPort { get; init; } = 8080;

    /// <summary>Deployments with different ids in one database do not see each other's silos. Default: sweeps.</summary>
    public string ClusterId { get; init; } = "sweeps";

    /// <summary>Folder with data sets. Default: <c>SWEEP_DATA</c>, else the cache folder.</summary>
    public string? Data { get; init; }

    /// <summary>
    /// Folders whose programs the runs of sweeps may start, separated by commas. Default: none; the silo then runs no programs.
    /// </summary>
    public string? Programs { get; init; }

    /// <summary>Run the code that clients send with their sweeps: whoever can submit a sweep can then run anything. Default: false.</summary>
    public bool AcceptCode { get; init; }

    /// <summary>
    /// Hosts to which <c>on_best</c> and <c>on_end</c> of sweeps may post, separated by commas. Default: none; the silo then posts nothing.
    /// </summary>
    public string? Webhooks { get; init; }

    /// <summary>
    /// Folder, shared by all silos, for checkpoints above 1 MB; the store then has only their names. Default: none; the store has all.
    /// </summary>
    public string? Checkpoints { get; init; }

    /// <summary>
    /// Folder, shared by all silos, for the files that programs leave in <c>SWEEP_OUT</c>. Default: none; the store has 100 MB of each run.
    /// </summary>
    public string? Artifacts { get; init; }

    /// <summary>Folder of logs and checkpoints without a store. Default: <c>SWEEP_HOME</c>, else the user's data folder.</summary>
    public string? Home { get; init; }

    /// <summary>PEM file of this silo's certificate. Default: none.</summary>
    public string? TlsCertificate { get; init; }

    /// <summary>PEM file of its key. Default: none.</summary>
    public string? TlsKey { get; init; }

    /// <summary>PEM file of the authority whose certificates are accepted. Default: none.</summary>
    public string? TlsAuthority { get; init; }

    /// <summary>DNS name in the certificates of silos. Default: sweeps-silo.</summary>
    public string TlsHost { get; init; } = "sweeps-silo";

    /// <summary>Listen on an address that is not loopback without certificates: only on a private network. Default: false.</summary>
    public bool Insecure { get; init; }

    /// <summary>Serve the Orleans dashboard at <c>/dashboard</c> of the HTTP port, to this machine only. Default: false.</summary>
    public bool Dashboard { get; init; }

    /// <summary>
    /// Password with which other machines can open the dashboard; then the HTTP port serves HTTPS with the silo's certificate. Default: none.
    /// </summary>
    public string? DashboardPassword { get; init; }

    /// <summary>Seconds a drain may take: one batch and one checkpoint per slot. Default: 25.</summary>
    public int DrainSeconds { get; init; } = 25;

    /// <summary><c>text</c> or <c>json</c>. Default: text.</summary>
    public string LogFormat { get; init; } = "text";

    /// <summary>Address of an OpenTelemetry collector for traces, such as <c>http://127.0.0.1:4317</c>. Default: none.</summary>
    public string? Otlp { get; init; }

    /// <summary>Create or migrate the store's schema, then end. Default: false.</summary>
    public bool InitStore { get; init; }

    /// <summary>Ask the silo that runs with these options to drain, then end. Default: false.</summary>
    public bool Drain { get; init; }

    /// <summary>The hosts of <see cref="Webhooks"/>.</summary>
    internal IReadOnlyList<string> WebhookHosts =>
        [.. (Webhooks ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];

    /// <summary>The folders of <see cref="Programs"/> in full.</summary>
    internal IReadOnlyList<string> ProgramFolders =>
        [.. (Programs ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Path.GetFullPath)];

    /// <summary>Whether runs may be programs at all.</summary>
    internal bool RunsPrograms => ProgramFolders.Count > 0 || AcceptCode;

    /// <summary>The certificates of this silo, or null when it has none.</summary>
    internal ClusterCertificates? Certificates => this is { TlsCertificate: { } certificate, TlsKey: { } key, TlsAuthority: { } authority }
        ? new ClusterCertificates(certificate, key, authority, TlsHost)
        : null;

    /// <summary>The certificate with which the HTTP port serves HTTPS, or null when it serves HTTP.</summary>
    internal X509Certificate2? HttpCertificate => DashboardPassword is null ? null : Certificates?.Load();
}
