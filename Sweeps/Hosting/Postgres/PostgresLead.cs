using System.Collections.Concurrent;
using Sweeps.Core;

namespace Sweeps.Hosting.Postgres;

/// <summary>The sweeps a node leads. Renewing goes on while a long log is being replayed, so the two have loops of their own.</summary>
internal sealed class PostgresLead(PostgresNodeContext context, PostgresNodes nodes) : IAsyncDisposable
{
    /// <summary>Led sweeps; null while the log is being replayed.</summary>
    private readonly ConcurrentDictionary<string, LedSweep?> led = new();

    private readonly ConcurrentDictionary<string, bool> deposed = new();

    /// <summary>The coordinators that serve. From any thread.</summary>
    public IReadOnlyList<SweepCoordinator> Coordinators => [.. led.Values.OfType<LedSweep>().Select(lead => lead.Coordinator)];

    /// <summary>The coordinator of a sweep, when this node leads it. From any thread.</summary>
    public SweepCoordinator? Find(string sweep) => led.GetValueOrDefault(sweep)?.Coordinator;

    /// <summary>Renews what is led. Called once a second.</summary>
    public async Task RenewAsync(CancellationToken cancel)
    {
        var names = led.Keys.ToArray();
        if (names.Length == 0)
            return;
        var mine = await nodes.LeadAsync(context.Node, names, cancel);
        foreach (var lost in names.Where(name => !mine.Contains(name)))
            deposed[lost] = true;
    }

    /// <summary>Lets go what others lead and what is settled, and takes what nobody leads. Called once a second, by another loop.</summary>
    public async Task TakeAsync(IReadOnlyList<string> sweeps, CancellationToken cancel)
    {
        foreach (var (sweep, lead) in led)
            if (deposed.ContainsKey(sweep) || (lead is { Settled: true } && !sweeps.Contains(sweep)))
                await DropAsync(sweep);
        var free = sweeps.Where(sweep => !led.ContainsKey(sweep)).ToList();
        if (free.Count > 0)
            foreach (var sweep in await nodes.LeadAsync(context.Node, free, cancel))
                await OpenAsync(sweep, cancel);
        foreach (var lead in led.Values)
            lead?.FinishWhenEnded();
    }

    /// <summary>Tells the led sweeps that nodes are silent, those that it concerns.</summary>
    public async Task LoseAsync(IReadOnlyList<string> silent, CancellationToken cancel)
    {
        if (silent.Count == 0)
            return;
        foreach (var coordinator in Coordinators)
        {
            var running = await coordinator.QueryAsync(
                state => state.RunningRuns.Select(run => state.Runs[run].Node).OfType<string>().ToHashSet(), cancel);
            foreach (var node in silent.Where(running.Contains))
                await coordinator.SendAsync<Acknowledged>(new LoseNode(default, node), cancel);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var sweep in led.Keys)
            await DropAsync(sweep);
    }

    private async Task OpenAsync(string sweep, CancellationToken cancel)
    {
        led[sweep] = null;
        try
        {
            led[sweep] = new LedSweep(await SweepCoordinator.OpenAsync(sweep, context.Coordinator, cancel), context);
            context.Coordinator.Logger.Leads(sweep, context.Node);
        }
        catch
        {
            led.TryRemove(sweep, out _);
            throw;
        }
    }

    private async Task DropAsync(string sweep)
    {
        deposed.TryRemove(sweep, out _);
        if (led.TryRemove(sweep, out var lead) && lead is not null)
            await lead.DisposeAsync();
    }
}
