using Sweeps.Core;

namespace Simulation;

/// <summary>
/// One seeded schedule of nodes, coordinators, messages and a log: first with failures, then without until the sweep ends. Single-threaded,
/// with a virtual clock.
/// </summary>
internal sealed class Cluster
{
    private readonly Dice dice;
    private readonly Scenario scenario;
    private readonly CheckpointShelf shelf = new();
    private readonly Auditor auditor;
    private readonly SharedLog log;
    private readonly List<Coordinator> coordinators = [];
    private readonly List<Node> nodes = [];
    private readonly List<Action> inFlight = [];
    private DateTimeOffset now = DateTimeOffset.UnixEpoch;
    private int joined;
    private bool calm;

    public Cluster(ulong seed, Func<Dice, Scenario>? make = null)
    {
        dice = new Dice(seed);
        scenario = make?.Invoke(dice) ?? new Scenario(dice);
        auditor = new Auditor(scenario, shelf);
        log = new SharedLog(auditor);
        log.Append([new LoggedEvent(1, now, new SweepCreated("simulated", "", "simulation"))], failsBefore: false, failsAfter: false);
        coordinators.Add(new Coordinator(scenario, log, dice));
        Join();
    }

    public Scenario Scenario => scenario;

    public IReadOnlyList<LoggedEvent> Log => log.Events;

    /// <summary>Runs the schedule to the sweep's end, its test included, and returns its state. Throws <see cref="InvariantException"/>.</summary>
    public SweepState Run()
    {
        for (var step = 50 + dice.Below(250); step > 0 && !auditor.Done; step--)
            Chaos();
        Calm();
        for (var step = 0; !auditor.Done; step++)
        {
            if (step > 3000)
                throw new InvariantException($"the sweep does not end: {log.Events.Count} events, last {log.Events[^1].Event}");
            Order();
        }
        return CheckFolding();
    }

    private void Chaos()
    {
        now += TimeSpan.FromMilliseconds(dice.Below(200));
        var node = dice.Pick(nodes);
        switch (dice.Below(40))
        {
            case 0:
                node.Alive = false;
                if (dice.Chance(0.5))
                    Post(new LoseNode(node.Name), _ => { });
                break;
            case 1:
                node.Frozen = !node.Frozen;
                break;
            case 2 when nodes.Count < 5:
                Join();
                break;
            case 3 when node is { Alive: true, Frozen: false }:
                foreach (var released in node.Drain())
                    Post(released, _ => { });
                break;
            case 4 when coordinators.Count < 2:
                coordinators.Add(new Coordinator(scenario, log, dice));
                break;
            case 5 when coordinators.Count > 1:
                coordinators.RemoveAt(dice.Below(2));
                break;
            case 6:
                dice.Pick(coordinators).Rebuild();
                break;
            case 7:
                Post(new Tick(), _ => { });
                break;
            case 8 when !scenario.Synchronous:
                Steer();
                break;
            case 9 when !scenario.Synchronous && node is { Alive: true, Frozen: false } && node.Fail() is { } failure:
                Post(failure, _ => { });
                break;
            case 10:
                now += TimeSpan.FromSeconds(dice.Chance(0.2) ? 6 : dice.Below(3));
                break;
            case < 18:
                Ask(node);
                break;
            case < 24:
                Act(node);
                break;
            default:
                Deliver();
                break;
        }
    }

    /// <summary>Ends the failures: one coordinator, a new node beside the remaining ones, no lost messages.</summary>
    private void Calm()
    {
        calm = true;
        coordinators.RemoveRange(1, coordinators.Count - 1);
        coordinators[0].Calm = true;
        coordinators[0].Rebuild();
        nodes.RemoveAll(node => !node.Alive || node.Frozen || node.Draining);
        Join();
    }

    private void Order()
    {
        now += TimeSpan.FromMilliseconds(100);
        if (coordinators[0].Machine.State.Status == SweepStatus.Paused)
            Post(new Steer(new SweepSteered("ann", "", new SteerAction.Resume())), _ => { });
        foreach (var node in nodes)
        {
            Ask(node);
            Act(node);
            Act(node);
        }
        while (inFlight.Count > 0)
            Deliver();
    }

    private void Join() => nodes.Add(new Node($"n{joined++}", 1 + dice.Below(3), shelf, dice));

    private void Ask(Node node)
    {
        if (node is { Alive: true, Frozen: false })
            Post(node.Ask(), reply => ToNode(node, () => node.Receive(reply)));
    }

    private void Act(Node node)
    {
        if (node is not { Alive: true, Frozen: false })
            return;
        node.Train();
        if (node.NextTest() is { } test)
            Post(test, _ => ToNode(node, () => node.Receive(test)));
        if (node.NextReport() is { } report)
            Post(report, reply => ToNode(node, () => node.Receive(report, reply)));
    }

    private void Steer()
    {
        var run = dice.Below(12);
        SteerAction action = dice.Below(8) switch
        {
            0 => new SteerAction.Pause(),
            1 or 2 => new SteerAction.Resume(),
            3 => new SteerAction.StopRun(run),
            4 => new SteerAction.PinRun(run),
            5 => new SteerAction.PromoteRun(run),
            6 => new SteerAction.Change($"{8 + dice.Below(20)} {2 + dice.Below(2)}"),
            _ => new SteerAction.Enqueue(new Configuration([new("n", new Value.Integer(1000 + run))])),
        };
        Post(new Steer(new SweepSteered("ann", "", action)), _ => { });
    }

    /// <summary>Sends a command to the coordinator that is active when it arrives.</summary>
    private void Post<TReply>(Command<TReply> command, Action<TReply> answer) where TReply : Reply =>
        Send(() => answer(dice.Pick(coordinators).Decide(command, now)));

    private void ToNode(Node node, Action receive) => Send(() =>
    {
        if (node is { Alive: true, Frozen: false })
            receive();
    });

    /// <summary>During failures messages are lost or doubled. The order of delivery is always random.</summary>
    private void Send(Action message)
    {
        if (calm || !dice.Chance(0.08))
            inFlight.Add(message);
        if (!calm && dice.Chance(0.08))
            inFlight.Add(message);
    }

    private void Deliver()
    {
        if (inFlight.Count == 0)
            return;
        var index = calm ? 0 : dice.Below(inFlight.Count);
        var message = inFlight[index];
        inFlight.RemoveAt(index);
        if (!auditor.Done || !calm)
            message();
    }

    /// <summary>Checks that the states of the deciding machine, of a replay and of a snapshot have equal bytes.</summary>
    private SweepState CheckFolding()
    {
        var replayed = scenario.Machine();
        foreach (var logged in log.Events)
            replayed.Apply(logged);
        coordinators[0].CatchUp();
        var bytes = SweepSnapshot.Write(replayed.State);
        if (!bytes.Span.SequenceEqual(SweepSnapshot.Write(coordinators[0].Machine.State).Span))
            throw new InvariantException("folding the log gives another state than deciding did");
        if (!bytes.Span.SequenceEqual(SweepSnapshot.Write(SweepSnapshot.Read(scenario.Read, bytes)!).Span))
            throw new InvariantException("a snapshot does not give the state it was taken of");
        if (replayed.State.Runs.Any(run => !run.Over))
            throw new InvariantException("the sweep has ended and a run has not");
        return replayed.State;
    }
}
