using System.CommandLine;
using Client.Commands;
using Client.Rendering;
using Client.Sources;
using Client.Views;
using Spectre.Console;
using Sweeps.Core;
using Sweeps.Log.Folder;

namespace Client;

/// <summary>What a command has around it: a terminal, a clock, the place where sweeps are.</summary>
/// <param name="Terminal">Where it writes.</param>
/// <param name="Home">The folder of sweeps on this machine.</param>
/// <param name="Time">The clock.</param>
/// <param name="User">Who is at the keyboard, for the log.</param>
/// <param name="Gateways">Where the cluster is, or null.</param>
/// <param name="Store">Where the store is, or null; without both, sweeps are on this machine.</param>
public sealed record Session(Terminal Terminal, SweepHome Home, TimeProvider Time, string User, string? Gateways = null, string? Store = null)
{
    /// <summary>Now, UTC.</summary>
    public DateTimeOffset Now => Time.GetUtcNow();

    /// <summary>From the options that every command understands.</summary>
    public static Session Of(ParseResult parse) => new(
        Terminal.OfProcess(GlobalOptions.WantsJson(parse)),
        parse.GetValue(GlobalOptions.Home) is { Length: > 0 } home ? new SweepHome(home) : SweepHome.Default(),
        TimeProvider.System, Environment.UserName,
        GlobalOptions.LocationOf(parse, GlobalOptions.Cluster, "SWEEP_CLUSTER"), GlobalOptions.LocationOf(parse, GlobalOptions.Store, "SWEEP_STORE"));

    /// <summary>Where the sweeps are.</summary>
    public ISweepSource OpenSource() => this switch
    {
        { Gateways: not null } => OpenCluster(),
        { Store: { Length: > 0 } store } => new StoreSource(store),
        _ => new FolderSource(this),
    };

    /// <summary>Whether other machines do the work.</summary>
    public bool Remote => Gateways is not null || Store is not null;

    /// <summary>The store's connection string. Throws <see cref="UsageException"/> when none was named.</summary>
    public string StoreOrUsage => Store is { Length: > 0 } store ? store
        : throw new UsageException("Which store? Give --store \"Host=…;Database=…;Username=…\", or set SWEEP_STORE.");

    /// <summary>The cluster. Throws <see cref="UsageException"/> when none was named.</summary>
    public ClusterSource OpenCluster() => Gateways is { Length: > 0 }
        ? ClusterSource.Open(Gateways, Environment.GetEnvironmentVariable, Time)
        : throw new UsageException(
            Store is null
                ? "Which cluster? Give --cluster address:port, the gateway of a silo, or set SWEEP_CLUSTER."
                : "A store is only read. To run or steer sweeps give --cluster address:port, the gateway of a silo, instead of --store.");

    /// <summary>Says what a sweep has come to, to people or to a program, and what its end means to the caller.</summary>
    public ExitCode Finish(SweepHistory history)
    {
        var interrupted = history.State.Status != SweepStatus.Ended;
        if (!Terminal.Json)
        {
            Terminal.Out.WriteLine();
            Terminal.Out.Write(Outcome.Build(history, Math.Min(120, Terminal.Width)));
        }
        if (interrupted)
            Terminal.Say($"Interrupted; nothing that was recorded is lost. Go on with: ./sweep resume {history.Sweep}");
        if (Terminal.Json)
            Terminal.WriteData(SweepJson.Summary(history, interrupted ? "interrupted" : null));
        return interrupted ? ExitCode.Interrupted : history.State.Outcome == SweepOutcome.Failed ? ExitCode.Failed : ExitCode.Done;
    }
}
