using System.Security.Cryptography.X509Certificates;
using Grains;

namespace Silo.Options;

/// <summary>The options of a silo, read by <see cref="SiloConfiguration"/>.</summary>
public sealed record SiloOptions
{
    /// <summary>PostgreSQL connection string for log, checkpoints and membership. Default: none, for a cluster of one silo on this machine.</summary>
    public string? Store { get; init; }

    /// <summary>Number of runs that train at the same time, 0 to 1024. Default: 0, one less than the number of cores, at least 1.</summary>
    public int Slots { get; init; }

    /// <summary>
    /// IP address at which other silos and clients reach this silo; <c>auto</c> is this machine's first address that is not loopback. Default: 127.0.0.1.
    /// </summary>
    public string Address { get; init; } = "127.0.0.1";

    /// <summary>Port for other silos. Default: 11111.</summary>
    public int SiloPort { get; init; } = 11111;

    /// <summary>Port for clients. Default: 30000.</summary>
    public int GatewayPort { get; init; } = 30000;

    /// <summary>Port of <c>/metrics</c> and <c>/healthz</c>; 0 for any free port. Default: 8080.</summary>
    public int HttpPort { get; init; } = 8080;

    /// <summary>Id of the cluster. Silos with different ids in one database form separate clusters. Default: sweeps.</summary>
    public string ClusterId { get; init; } = "sweeps";

    /// <summary>Folder with data sets. Default: <c>SWEEP_DATA</c>, else the cache folder.</summary>
    public string? Data { get; init; }

    /// <summary>
    /// Folders whose programs the runs of sweeps may start, separated by commas. Default: none, the silo runs no programs.
    /// </summary>
    public string? Programs { get; init; }

    /// <summary>
    /// Whether to run the code that clients send with their sweeps. Whoever can submit a sweep can then run any program as the user of the silo. Default:
    /// false.
    /// </summary>
    public bool AcceptCode { get; init; }

    /// <summary>
    /// Hosts to which <c>on_best</c> and <c>on_end</c> of sweeps may post, separated by commas. Default: none, the silo posts nothing.
    /// </summary>
    public string? Webhooks { get; init; }

    /// <summary>
    /// Folder, shared by all silos, for checkpoints above 1 MB; the store then has only their names. Default: none, the store has all checkpoints.
    /// </summary>
    public string? Checkpoints { get; init; }

    /// <summary>
    /// Folder, shared by all silos, for the files that programs write to <c>SWEEP_OUT</c>. Default: none, the store has up to 100 MB of each run.
    /// </summary>
    public string? Artifacts { get; init; }

    /// <summary>Folder of logs and checkpoints without a store. Default: <c>SWEEP_HOME</c>, else the user's data folder.</summary>
    public string? Home { get; init; }

    /// <summary>PEM file of this silo's certificate. Default: none.</summary>
    public string? TlsCertificate { get; init; }

    /// <summary>PEM file of the key of this silo's certificate. Default: none.</summary>
    public string? TlsKey { get; init; }

    /// <summary>PEM file of the authority whose certificates are trusted. Default: none.</summary>
    public string? TlsAuthority { get; init; }

    /// <summary>DNS name in the certificates of silos. Default: sweeps-silo.</summary>
    public string TlsHost { get; init; } = "sweeps-silo";

    /// <summary>Whether an address that is not loopback is allowed without certificates, for private networks only. Default: false.</summary>
    public bool Insecure { get; init; }

    /// <summary>
    /// Whether the HTTP port serves the Orleans dashboard at <c>/dashboard</c> and the page of sweeps at <c>/sweeps</c>, to this machine only unless there
    /// is a <see cref="DashboardPassword"/>. Default: false.
    /// </summary>
    public bool Dashboard { get; init; }

    /// <summary>
    /// Password with which other machines can open the dashboard. The HTTP port then serves HTTPS with the silo's certificate. Default: none.
    /// </summary>
    public string? DashboardPassword { get; init; }

    /// <summary>Time limit of a drain in seconds, 1 to 3600. A drain takes one batch and one checkpoint per slot. Default: 25.</summary>
    public int DrainSeconds { get; init; } = 25;

    /// <summary><c>text</c> or <c>json</c>. Default: text.</summary>
    public string LogFormat { get; init; } = "text";

    /// <summary>Address of an OpenTelemetry collector for traces, such as <c>http://127.0.0.1:4317</c>. Default: none.</summary>
    public string? Otlp { get; init; }

    /// <summary>Whether to create or migrate the store's schema and then end. Default: false.</summary>
    public bool InitStore { get; init; }

    /// <summary>Whether to request a drain of the silo that runs with these options and then end. Default: false.</summary>
    public bool Drain { get; init; }

    /// <summary>The hosts of <see cref="Webhooks"/>.</summary>
    internal IReadOnlyList<string> WebhookHosts =>
        [.. (Webhooks ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];

    /// <summary>The full paths of the folders of <see cref="Programs"/>.</summary>
    internal IReadOnlyList<string> ProgramFolders =>
        [.. (Programs ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Path.GetFullPath)];

    /// <summary>Whether the silo runs programs, its own or those of clients.</summary>
    internal bool RunsPrograms => ProgramFolders.Count > 0 || AcceptCode;

    /// <summary>The certificates of this silo; null if it has none.</summary>
    internal ClusterCertificates? Certificates => this is { TlsCertificate: { } certificate, TlsKey: { } key, TlsAuthority: { } authority }
        ? new ClusterCertificates(certificate, key, authority, TlsHost)
        : null;

    /// <summary>The certificate with which the HTTP port serves HTTPS; null if it serves HTTP.</summary>
    internal X509Certificate2? HttpCertificate => DashboardPassword is null ? null : Certificates?.Load();
}
