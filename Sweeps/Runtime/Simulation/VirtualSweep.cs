using Sweeps.Core;
using Sweeps.Training;

namespace Sweeps.Simulation;

/// <summary>Trains an epoch (from 1) of a run.</summary>
public delegate EpochReport VirtualTraining(SweepRun run, int epoch);

/// <summary>An improvement of the best value: the number of epochs that the whole sweep had trained, the run, and the value as reported.</summary>
public readonly record struct Incumbent(long Epochs, int Run, double Value);

/// <summary>The result of <see cref="VirtualSweep.Run"/>.</summary>
/// <param name="State">The final state.</param>
/// <param name="Ticks">The duration in ticks, until the last epoch; an epoch takes one tick.</param>
/// <param name="Incumbents">The improvements in order.</param>
/// <param name="Log">The events, if they were kept; else empty.</param>
public sealed record VirtualResult(SweepState State, long Ticks, IReadOnlyList<Incumbent> Incumbents, IReadOnlyList<LoggedEvent> Log)
{
    /// <summary>The best value after <paramref name="epochs"/> epochs of the sweep; null if there was none yet.</summary>
    public double? BestAfter(long epochs) =>
        Incumbents.LastOrDefault(incumbent => incumbent.Epochs <= epochs) is { Epochs: > 0 } best ? best.Value : null;
}

/// <summary>
/// Runs a sweep with <see cref="SweepMachine"/> on a virtual clock. In each tick every idle slot requests work; then every slot trains one epoch and
/// reports it. So a proposal never uses results of the same tick, as on real slots that train at the same time. The same seed gives the same events.
/// </summary>
public static class VirtualSweep
{
    /// <summary>The number of ticks without training after which the simulation ends, because the sweep waits for a command such as resume.</summary>
    private const int MaxIdleTicks = 10;

    /// <summary>Runs a sweep to its end.</summary>
    /// <param name="spec">The sweep. It must end by run_cap, a budget or a grid.</param>
    /// <param name="training">Trains an epoch.</param>
    /// <param name="slots">The number of slots, at least 1.</param>
    /// <param name="search">Creates the search.</param>
    /// <param name="options">The options of the machine; null for the defaults.</param>
    /// <param name="keepLog">Whether the result has the events.</param>
    /// <param name="inTurn">
    /// Whether each slot requests work, trains and reports before the next slot requests, as in the recorded sweeps of docs/rules.md, 9.
    /// </param>
    /// <param name="reviews">Actions such as an audit. Each is taken when the sweep has ended, or has ended again after the action before.</param>
    public static VirtualResult Run(
        SweepSpec spec, VirtualTraining training, int slots, SearchMaker search, MachineOptions? options = null, bool keepLog = false,
        bool inTurn = false, params IReadOnlyList<SteerAction> reviews)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(slots, 1);
        var machine = new SweepMachine(_ => spec, search, options ?? new MachineOptions());
        var log = new List<LoggedEvent> { new(1, DateTimeOffset.UnixEpoch, new SweepCreated("virtual", "", "virtual")) };
        machine.Apply(log[0]);
        var nodes = Enumerable.Range(0, slots).Select(slot => $"slot{slot}").ToArray();
        var work = new Assignment?[slots];
        var incumbents = new List<Incumbent>();
        var (ticks, idle, reviewed) = (0L, 0, 0);
        for (var tick = 0L; idle < MaxIdleTicks; tick++)
        {
            if (machine.State.Status == SweepStatus.Ended)
            {
                if (reviewed == reviews.Count)
                    break;
                machine.Decide(new Steer(new SweepSteered("virtual", "", reviews[reviewed++])), DateTimeOffset.UnixEpoch.AddSeconds(tick), log);
            }
            idle++;
            if (!keepLog)
                log.Clear();
            var (begins, ends) = (DateTimeOffset.UnixEpoch.AddSeconds(tick), DateTimeOffset.UnixEpoch.AddSeconds(tick + 1));
            var nothing = false;
            for (var slot = 0; slot < slots && !inTurn; slot++)
                Request(slot, begins);
            for (var slot = 0; slot < slots && machine.State.Status != SweepStatus.Ended; slot++)
            {
                if (inTurn)
                    Request(slot, begins);
                if (work[slot] is not { } assignment)
                    continue;
                (ticks, idle, nothing) = (tick + 1, 0, false);
                if (Step(machine, assignment, nodes[slot], inTurn ? begins : ends, training, incumbents, log) != Verdict.Continue)
                    work[slot] = null;
            }

            // If one slot got no work, no other slot gets work before the next report, so the requests are skipped.
            void Request(int slot, DateTimeOffset at)
            {
                if (work[slot] is null && !nothing && machine.State.Status != SweepStatus.Ended)
                    nothing = (work[slot] = Ask(machine, nodes[slot], at, log)) is null;
            }
        }
        return new VirtualResult(machine.State, ticks, incumbents, keepLog ? log : []);
    }

    /// <summary>
    /// Trains with a trainable and keeps the sessions of all runs in memory. A <see cref="ConfigurationException"/> fails the run; any other exception
    /// ends the simulation.
    /// </summary>
    public static VirtualTraining Training(ITrainable trainable)
    {
        var sessions = new Dictionary<int, ITrainingSession>();
        return (run, epoch) =>
        {
            if (!sessions.TryGetValue(run.Number, out var session))
                sessions[run.Number] = session = trainable.Start(run.Configuration, run.Seed);
            var report = session.TrainEpoch(CancellationToken.None);
            if (report.Epoch != epoch)
                throw new InvalidOperationException($"Run {run.Number} trained epoch {report.Epoch}, expected {epoch}.");
            return report;
        };
    }

    /// <summary>Reports the values of recorded curves; the parameter <c>row</c> selects the curve of a run.</summary>
    public static VirtualTraining Training(LearningCurves curves) => (run, epoch) =>
        new EpochReport(epoch, curves.At((int)((Value.Integer)run.Configuration["row"]!).Content, epoch), 1);

    private static Assignment? Ask(SweepMachine machine, string node, DateTimeOffset at, List<LoggedEvent> log) =>
        machine.Decide(new RequestWork(node, 1, []), at, log) is { Assignments: [var fresh] } ? fresh : null;

    private static Verdict Step(
        SweepMachine machine, Assignment work, string node, DateTimeOffset at, VirtualTraining training, List<Incumbent> incumbents,
        List<LoggedEvent> log)
    {
        var run = machine.State.Runs[work.Run];
        EpochReport epoch;
        try
        {
            epoch = training(run, run.Epoch + 1);
        }
        catch (ConfigurationException mistake)
        {
            machine.Decide(new FailRun(node, work.Run, work.Generation, mistake.Message, Permanent: true), at, log);
            return Verdict.Abandon;
        }
        var before = machine.State.Best is { } best ? best.Best : double.PositiveInfinity;
        var report = new ReportEpoch(node, work.Run, work.Generation, epoch.Epoch, epoch.Metrics, epoch.Seconds, epoch.Divergence, epoch.Last);
        var reply = machine.Decide(report, at, log);
        if (run.Best < before && run.Confirms is null)
            incumbents.Add(new Incumbent(machine.State.EpochsRecorded, run.Number, machine.State.Spec.Objective.Orient(run.Best)));
        return reply.Verdict;
    }
}
