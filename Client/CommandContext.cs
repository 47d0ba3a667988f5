using System.CommandLine;
using Client.Commands;
using Client.Output;
using Client.Sources;
using Client.Views;
using Spectre.Console;
using Sweeps.Core;
using Sweeps.Log.Folder;

namespace Client;

/// <summary>The context of a command: the terminal, the clock, and the location of the sweeps.</summary>
/// <param name="Terminal">The output of the command.</param>
/// <param name="Home">The folder of this machine's sweeps.</param>
/// <param name="Time">The clock.</param>
/// <param name="User">The user's name, which is recorded in the log with each request.</param>
/// <param name="Gateways">The gateways of a cluster, or null.</param>
/// <param name="Store">The connection string of a store, or null. Without gateways and store, sweeps are on this machine.</param>
public sealed record CommandContext(Terminal Terminal, SweepHome Home, TimeProvider Time, string User, string? Gateways = null, string? Store = null)
{
    /// <summary>The current time, UTC.</summary>
    public DateTimeOffset Now => Time.GetUtcNow();

    /// <summary>The context from the global options of a command line and the environment.</summary>
    public static CommandContext Of(ParseResult parse) => new(
        Terminal.OfProcess(GlobalOptions.WantsJson(parse)),
        parse.GetValue(GlobalOptions.Home) is { Length: > 0 } home ? new SweepHome(home) : SweepHome.Default(),
        TimeProvider.System, Environment.UserName,
        GlobalOptions.LocationOf(parse, GlobalOptions.Cluster, "SWEEP_CLUSTER"), GlobalOptions.LocationOf(parse, GlobalOptions.Store, "SWEEP_STORE"));

    /// <summary>The source of the sweeps: a cluster, a store or the folder.</summary>
    public ISweepSource OpenSource() => this switch
    {
        { Gateways: not null } => OpenCluster(),
        { Store: not null } => new StoreSource(StoreOrUsage),
        _ => new FolderSource(this),
    };

    /// <summary>Whether the sweeps are in a cluster or a store instead of <see cref="Home"/>.</summary>
    public bool Remote => Gateways is not null || Store is not null;

    /// <summary>The store's connection string. Throws <see cref="UsageException"/> when none was given.</summary>
    public string StoreOrUsage => Store is { Length: > 0 } store ? store
        : throw new UsageException("Which store? Give --store \"Host=…;Database=…;Username=…\", or set SWEEP_STORE.");

    /// <summary>The cluster. Throws <see cref="UsageException"/> when none was given.</summary>
    public ClusterSource OpenCluster() => Gateways is { Length: > 0 }
        ? ClusterSource.Open(Gateways, Environment.GetEnvironmentVariable, Time)
        : throw new UsageException(
            Store is null
                ? "Which cluster? Give --cluster address:port, the gateway of a silo, or set SWEEP_CLUSTER."
                : "A store is read-only. To run or steer sweeps give --cluster address:port, the gateway of a silo, instead of --store.");

    /// <summary>Writes the result of a sweep that this command has worked on or watched, and returns the exit code for it.</summary>
    public ExitCode Finish(SweepHistory history)
    {
        var interrupted = history.State.Status != SweepStatus.Ended;
        if (Terminal.Json)
            Terminal.WriteData(SweepJson.Summary(history, interrupted ? "interrupted" : null));
        else
        {
            Terminal.Out.WriteLine();
            Terminal.Out.Write(SweepSummary.Build(history, Math.Min(120, Terminal.Width)));
        }
        foreach (var trouble in StatusText.OfHooks(history))
            Terminal.Warn(trouble);
        if (interrupted)
            Terminal.Say($"Interrupted; no recorded epoch is lost. Continue with: ./sweep resume {history.Sweep}");
        return interrupted ? ExitCode.Interrupted : history.State.Outcome == SweepOutcome.Failed ? ExitCode.Failed : ExitCode.Done;
    }
}
