using Microsoft.Extensions.Logging.Abstractions;
using Sweeps.Coordination;
using Sweeps.Core;
using Sweeps.Core.Search;
using Sweeps.Embedded;
using Sweeps.Files;
using Sweeps.Nodes;
using Sweeps.Runs;
using Sweeps.Telemetry;

namespace Runtime.Tests.Support;

/// <summary>Runs a sweep on a <see cref="MemoryStore"/> in several simulated processes, one after the other.</summary>
internal sealed class Bench(MemoryStore store, string spec) : IDisposable
{
    public const string Asha = """
        name: fake
        method: random
        metric: {name: val_loss, goal: minimize}
        seed: 7
        run_cap: 9
        parameters:
          lr: {min: 0.0, max: 1.0}
        early_terminate: {type: asha, min_iter: 1, max_iter: 9, eta: 3}
        """;

    private readonly SweepMetrics metrics = new();

    /// <summary>The policy for checkpoints in addition to those at rungs.</summary>
    public CheckpointPolicy Policy { get; init; } = new(1, null);

    public CoordinatorContext Context => new(
        store, store, new MachineFactory(text => SweepFile.Parse(text, "test.yaml").Spec, SearchFactory.Create, new MachineOptions()),
        TimeProvider.System, metrics, NullLogger.Instance);

    public Task CreateAsync() => SweepCoordinator.CreateAsync("test", spec, "a test", Context, CancellationToken.None);

    /// <summary>One process: opens the coordinator and trains until the sweep has ended or the process is interrupted.</summary>
    /// <remarks>
    /// With <paramref name="dies"/>, <paramref name="cancel"/> simulates a crash: the first append that fails ends the coordinator and
    /// everything that waits for an answer.
    /// </remarks>
    public async Task<SweepOutcome?> RunAsync(
        string node, int slotCount, FakeTrainable trainable, CancellationToken cancel, bool dies = false)
    {
        var opened = Context with { MaxAttempts = dies ? 1 : Context.MaxAttempts };
        await using var coordinator = await SweepCoordinator.OpenAsync("test", opened, CancellationToken.None);
        using var slots = new SlotPool(slotCount);
        var context = new RunContext(
            node, coordinator, store, trainable, new Objective("val_loss", Goal.Minimize), Policy, TimeProvider.System, metrics, NullLogger.Instance)
        {
            DrainLimit = dies ? TimeSpan.Zero : TimeSpan.FromSeconds(20),
        };
        var options = new NodeOptions { RequestTimeout = TimeSpan.FromSeconds(20) };
        await EmbeddedSweep.TrainAsync(coordinator, new SlotShare(), context, slots, options, cancel);
        return store.Dead ? null : await coordinator.QueryAsync(state => state.Outcome, CancellationToken.None);
    }

    /// <summary>Opens the sweep, applies steering actions, and closes it.</summary>
    public async Task SteerAsync(params SteerAction[] actions)
    {
        await using var coordinator = await SweepCoordinator.OpenAsync("test", Context, CancellationToken.None);
        foreach (var action in actions)
        {
            var reply = await coordinator.SendAsync(new Steer(new SweepSteered("a person", "", action)), CancellationToken.None);
            Assert.True(reply.Accepted, reply.Message);
        }
    }

    /// <summary>Writes test metrics of the best run into the log.</summary>
    public async Task RecordTestAsync()
    {
        await using var coordinator = await SweepCoordinator.OpenAsync("test", Context, CancellationToken.None);
        var best = await coordinator.QueryAsync(state => state.Best!, CancellationToken.None);
        var metrics = new Dictionary<string, double> { ["test_loss"] = 0.5 };
        await coordinator.SendAsync(new RecordTest(best.Number, best.BestEpoch, metrics), CancellationToken.None);
    }

    /// <summary>
    /// The log as text without nodes, times and repetitions: equal for all undisturbed and interrupted executions of a sweep.
    /// </summary>
    public static List<string> Story(IEnumerable<LoggedEvent> events) =>
    [
        .. events.Select(logged => logged.Event)
            .Where(e => e is not (RunAssigned or RunLost or RunReleased or EpochsWasted))
            .Select(e => e is EpochRecorded epoch
                ? $"{epoch.Run}/{epoch.Epoch} {epoch.Metrics["val_loss"]:R} {epoch.Verdict}"
                : e.ToString()!),
    ];

    public void Dispose() => metrics.Dispose();
}
