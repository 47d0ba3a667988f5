using Sweeps.Core;

namespace Simulation;

/// <summary>One of several possible coordinators of the sweep. It decides, appends, and only then replies.</summary>
internal sealed class Coordinator
{
    private readonly Scenario scenario;
    private readonly SharedLog log;
    private readonly Dice dice;
    private ReadOnlyMemory<byte>? snapshot;

    public Coordinator(Scenario scenario, SharedLog log, Dice dice)
    {
        (this.scenario, this.log, this.dice) = (scenario, log, dice);
        Machine = scenario.Machine();
        CatchUp();
    }

    public SweepMachine Machine { get; private set; }

    public bool Calm { get; set; }

    public TReply Decide<TReply>(Command<TReply> command, DateTimeOffset at) where TReply : Reply
    {
        for (var attempt = 0; attempt < 50; attempt++)
        {
            var decided = new List<LoggedEvent>();
            TReply reply;
            try
            {
                reply = Machine.Decide(command, at, decided);
            }
            catch (RefusedReportException) when (Machine.State.Seq < log.Events.Count)
            {
                Rebuild();
                continue;
            }
            if (log.Append(decided, !Calm && dice.Chance(0.03), !Calm && dice.Chance(0.02)))
                return reply;
            Rebuild();
        }
        throw new InvalidOperationException("A coordinator could not append in 50 attempts.");
    }

    /// <summary>Rebuilds the state as a new process does: from a snapshot and later events, or from the whole log.</summary>
    public void Rebuild()
    {
        if (snapshot is null && dice.Chance(0.3) && Machine.State.Seq <= log.Events.Count)
        {
            Machine = scenario.Machine();
            CatchUp();
            snapshot = SweepSnapshot.Write(Machine.State).ToArray();
        }
        Machine = scenario.Machine(snapshot is { } bytes ? SweepSnapshot.Read(scenario.Read, bytes) : null);
        CatchUp();
    }

    public void CatchUp()
    {
        for (var seq = (int)Machine.State.Seq; seq < log.Events.Count; seq++)
            Machine.Apply(log.Events[seq]);
    }
}
