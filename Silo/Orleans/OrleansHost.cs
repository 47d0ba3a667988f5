using System.Net;
using Grains;
using Grains.Contracts;
using Npgsql;
using Orleans.Configuration;
using Orleans.Dashboard;
using Orleans.Runtime;
using Orleans.Serialization;
using SiloOptions = Silo.Options.SiloOptions;

namespace Silo.Orleans;

/// <summary>The Orleans host of a silo: membership, endpoints, reminders, certificates.</summary>
internal static class OrleansHost
{
    /// <summary>The service id in every row of the reminder table. A change would lose the reminders.</summary>
    private const string ServiceId = "sweeps";

    private const string Invariant = "Npgsql";

    /// <summary>
    /// The timeout of a probe. With it the cluster detects a killed silo in about 2.4 s and a frozen one in about 7 s. A silo under load still answers in
    /// time, because no epoch runs on the thread pool.
    /// </summary>
    private static readonly TimeSpan Probe = TimeSpan.FromSeconds(2);

    /// <summary>
    /// The period of reading the membership table. A silo that was cut off and declared dead ends at the next read, so the period limits how long it
    /// requests work in vain.
    /// </summary>
    private static readonly TimeSpan Refresh = TimeSpan.FromSeconds(5);

    /// <summary>The node name of a silo, unique per process start.</summary>
    public static string NodeName(SiloAddress silo) => silo.ToParsableString();

    public static void Configure(ISiloBuilder silo, SiloOptions options, IPAddress address)
    {
        silo.Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = (options.ClusterId, ServiceId));
        silo.Configure<ClusterMembershipOptions>(membership =>
        {
            (membership.ProbeTimeout, membership.MaxProbeTimeout) = (Probe, Probe);
            membership.TableRefreshTimeout = Refresh;
        });
        silo.Configure<EndpointOptions>(endpoint =>
        {
            endpoint.AdvertisedIPAddress = address;
            endpoint.SiloPort = options.SiloPort;
            endpoint.GatewayPort = options.GatewayPort;
            endpoint.SiloListeningEndpoint = new IPEndPoint(address, options.SiloPort);
            endpoint.GatewayListeningEndpoint = new IPEndPoint(address, options.GatewayPort);
        });
        if (options.Certificates is { } certificates)
            silo.UseTls(certificates.Apply);
        if (options.Dashboard)
            silo.AddDashboard();
        silo.AddActivityPropagation();
        silo.Services.AddSerializer(SweepMessages.Configure);
        if (options.Store is { } store)
        {
            silo.UseAdoNetClustering(clustering => (clustering.Invariant, clustering.ConnectionString) = (Invariant, store));
            silo.UseAdoNetReminderService(reminders => (reminders.Invariant, reminders.ConnectionString) = (Invariant, store));
        }
        else
        {
            silo.UseDevelopmentClustering(new IPEndPoint(address, options.SiloPort));
            silo.UseInMemoryReminderService();
        }
        silo.Services.AddSingleton<PendingAssignments>();
    }
}
