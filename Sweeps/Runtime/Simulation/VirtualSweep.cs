using Sweeps.Core;
using Sweeps.Training;

namespace Sweeps.Simulation;

/// <summary>Gives what training an epoch (from 1) of a run would report.</summary>
public delegate EpochReport VirtualTraining(SweepRun run, int epoch);

/// <summary>A better value than any before: after how many epochs of the whole sweep, by which run, as reported.</summary>
public readonly record struct Incumbent(long Epochs, int Run, double Value);

/// <summary>What a sweep on a virtual clock came to.</summary>
/// <param name="State">Its final state.</param>
/// <param name="Ticks">How long it took with one tick per epoch.</param>
/// <param name="Incumbents">Every improvement in order.</param>
/// <param name="Log">Its events; empty unless asked for.</param>
public sealed record VirtualResult(SweepState State, long Ticks, IReadOnlyList<Incumbent> Incumbents, IReadOnlyList<LoggedEvent> Log)
{
    /// <summary>The best value after so many epochs of the sweep, or null.</summary>
    public double? BestAfter(long epochs) =>
        Incumbents.LastOrDefault(incumbent => incumbent.Epochs <= epochs) is { Epochs: > 0 } best ? best.Value : null;
}

/// <summary>
/// A sweep decided by the real machine on a virtual clock (docs/rules.md, 9): in each tick every slot in turn asks for work if it is
/// idle, trains one epoch and reports it. Nothing is random and nothing waits: thousands of epochs take milliseconds.
/// </summary>
public static class VirtualSweep
{
    /// <summary>Ticks in which nothing trains before the sweep is given up: a sweep that waits for a person.</summary>
    private const int MostIdleTicks = 10;

    /// <summary>Runs a sweep to its end.</summary>
    /// <param name="spec">What to do. It must end: by run_cap, a budget or a grid.</param>
    /// <param name="training">What an epoch gives.</param>
    /// <param name="slots">How many slots train, at least 1.</param>
    /// <param name="search">Makes the search.</param>
    /// <param name="options">How the machine behaves.</param>
    /// <param name="keepLog">Whether the result has the events.</param>
    public static VirtualResult Run(
        SweepSpec spec, VirtualTraining training, int slots, SearchMaker search, MachineOptions? options = null, bool keepLog = false)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(slots, 1);
        var machine = new SweepMachine(_ => spec, search, options ?? new MachineOptions());
        var log = new List<LoggedEvent> { new(1, DateTimeOffset.UnixEpoch, new SweepCreated("virtual", "", "virtual")) };
        machine.Apply(log[0]);
        var nodes = Enumerable.Range(0, slots).Select(slot => $"slot{slot}").ToArray();
        var work = new Assignment?[slots];
        var incumbents = new List<Incumbent>();
        var (tick, idle) = (0L, 0);
        for (; machine.State.Status != SweepStatus.Ended && idle < MostIdleTicks; tick++)
        {
            idle++;
            var nothing = false;
            for (var slot = 0; slot < slots && machine.State.Status != SweepStatus.Ended; slot++)
            {
                if (!keepLog)
                    log.Clear();
                var at = DateTimeOffset.UnixEpoch.AddSeconds(tick);
                // Where one slot got nothing, the next gets nothing until a report has come.
                if (work[slot] is null && !nothing)
                    nothing = (work[slot] = Ask(machine, nodes[slot], at, log)) is null;
                if (work[slot] is not { } assignment)
                    continue;
                (idle, nothing) = (0, false);
                if (Step(machine, assignment, nodes[slot], at, training, incumbents, log) != Verdict.Continue)
                    work[slot] = null;
            }
        }
        return new VirtualResult(machine.State, tick, incumbents, keepLog ? log : []);
    }

    /// <summary>
    /// A trainable's epochs, with its sessions kept in memory. What it throws comes out; a <see cref="ConfigurationException"/> fails the run.
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

    /// <summary>Rows of a table: a configuration's <c>row</c> chooses one.</summary>
    public static VirtualTraining Training(LearningCurves curves) => (run, epoch) =>
        new EpochReport(epoch, curves.At((int)((Value.Integer)run.Configuration["row"]!).Content, epoch), 1);

    private static Assignment? Ask(SweepMachine machine, string node, DateTimeOffset at, List<LoggedEvent> log) =>
        machine.Decide(new RequestWork(at, node, 1, []), log) is WorkReply { Assignments: [var fresh] } ? fresh : null;

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
            machine.Decide(new FailRun(at, node, work.Run, work.Generation, mistake.Message, Permanent: true), log);
            return Verdict.Abandon;
        }
        var before = machine.State.Best is { } best ? best.Best : double.PositiveInfinity;
        var report = new ReportEpoch(
            at, node, work.Run, work.Generation, epoch.Epoch, epoch.Metrics, epoch.Seconds, epoch.Divergence, epoch.Last);
        var reply = (VerdictReply)machine.Decide(report, log);
        if (run.Best < before)
            incumbents.Add(new Incumbent(machine.State.EpochsRecorded, run.Number, machine.State.Spec.Objective.Orient(run.Best)));
        return reply.Verdict;
    }
}
