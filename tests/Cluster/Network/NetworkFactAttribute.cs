using System.Diagnostics;
using Tests.Shared;

namespace Cluster.Network;

/// <summary>
/// A test that creates a virtual network: skipped with the reason if the user may not create one or PostgreSQL is missing.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NetworkFactAttribute : FactAttribute
{
    private static readonly string? Missing = MayLayNetworks() ? null
        : "Network namespaces need Linux, root, and `unshare`, `nsenter` and `ip` (util-linux, iproute2).";

    public NetworkFactAttribute() => Skip = Missing ?? PostgresServer.Missing;

    private static bool MayLayNetworks()
    {
        if (!OperatingSystem.IsLinux() || Environment.UserName != "root")
            return false;
        using var attempt = Process.Start(
            "/bin/bash", ["-c", "command -v nsenter >/dev/null && unshare -n ip link add one type veth peer name two >/dev/null 2>&1"]);
        attempt.WaitForExit();
        return attempt.ExitCode == 0;
    }
}
