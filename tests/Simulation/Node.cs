using Sweeps.Core;

namespace Simulation;

/// <summary>
/// A node with slots. It trains, writes a checkpoint before it reports a rung, and repeats each report until it is answered.
/// </summary>
internal sealed class Node(string name, int slots, CheckpointShelf shelf, Dice dice)
{
    private readonly List<Training> trainings = [];

    public string Name => name;

    public bool Alive { get; set; } = true;

    public bool Frozen { get; set; }

    public bool Draining { get; private set; }

    public IReadOnlyList<Training> Trainings => trainings;

    public RequestWork Ask() => new(
        name, Draining ? 0 : slots - trainings.Count, [.. trainings.Select(training => new RunLease(training.Work.Run, training.Work.Generation, training.Work.Test))]);

    public void Receive(WorkReply reply)
    {
        foreach (var lease in reply.Abandon)
            trainings.RemoveAll(training => training.Is(lease.Run, lease.Generation, lease.Test));
        foreach (var work in reply.Assignments)
            if (!Draining && trainings.Count < slots && !trainings.Exists(training => training.Work.Run == work.Run)
                && shelf.Claim(work.Run, work.Generation))
                trainings.Add(new Training(work, shelf.Epoch(work.Run)));
        Check(trainings.Count <= slots, $"node {name} trains {trainings.Count} runs on {slots} slots");
    }

    public void Receive(ReportEpoch report, VerdictReply reply)
    {
        if (trainings.Find(training => training.Is(report.Run, report.Generation)) is not { } training)
            return;
        if (reply.Verdict == Verdict.Continue)
            training.Answered(report.Epoch);
        else
            trainings.Remove(training);
    }

    public void Receive(RecordTest test) => trainings.RemoveAll(training => training.Work.Test && training.Work.Run == test.Run);

    /// <summary>The result of evaluating the best weights, or null. It is repeated until it is answered.</summary>
    public RecordTest? NextTest() => trainings.Find(training => training.Work.Test) is { Work: var work }
        ? new RecordTest(work.Run, work.UntilEpoch, new Dictionary<string, double> { ["test_loss"] = 1 }, dice.Chance(0.1) ? "out of memory" : null)
        : null;

    /// <summary>Trains one epoch of one run, unless all runs wait for verdicts.</summary>
    public void Train()
    {
        if (trainings.Count == 0 || dice.Pick(trainings) is not { MayTrain: true } training)
            return;
        training.TrainEpoch();
        Check(training.Epoch <= training.Work.UntilEpoch, $"run {training.Work.Run} trained past {training.Work.UntilEpoch}");
        if ((training.Waits || dice.Chance(0.2)) && !shelf.Save(training.Work.Run, training.Work.Generation, training.Epoch))
            trainings.Remove(training);
    }

    /// <summary>The next unanswered report of one run, or null.</summary>
    public ReportEpoch? NextReport() =>
        trainings.Count > 0 && dice.Pick(trainings) is { Unanswered: { } epoch, Work: var work }
            ? new ReportEpoch(name, work.Run, work.Generation, epoch, Scenario.Metrics(work.Run, epoch), 1)
            : null;

    public FailRun? Fail()
    {
        if (trainings.Count == 0)
            return null;
        var work = dice.Pick(trainings).Work;
        if (work.Test)
            return null;
        trainings.RemoveAll(training => training.Work == work);
        return new FailRun(name, work.Run, work.Generation, "out of memory", Permanent: false);
    }

    public List<ReleaseRun> Drain()
    {
        Draining = true;
        var released = new List<ReleaseRun>();
        foreach (var training in trainings)
            if (!training.Work.Test && shelf.Save(training.Work.Run, training.Work.Generation, training.Epoch))
                released.Add(new ReleaseRun(name, training.Work.Run, training.Work.Generation));
        trainings.Clear();
        return released;
    }

    private static void Check(bool holds, string what)
    {
        if (!holds)
            throw new InvariantException(what);
    }
}

/// <summary>An assignment in execution, with its unanswered reports in order.</summary>
internal sealed class Training(Assignment work, int checkpoint)
{
    private int answered = Math.Min(work.RecordedEpoch, checkpoint);

    public Assignment Work => work;

    public int Epoch { get; private set; } = checkpoint;

    /// <summary>Whether the run is at an epoch with a checkpoint where it must wait for the verdict.</summary>
    public bool Waits => work.WaitAt.Contains(Epoch) && Epoch > work.RecordedEpoch;

    public bool MayTrain => !work.Test && Epoch < work.UntilEpoch && !(Waits && answered < Epoch);

    public int? Unanswered => !work.Test && answered < Epoch ? answered + 1 : null;

    public bool Is(int run, int generation, bool test = false) => work.Run == run && work.Generation == generation && work.Test == test;

    public void TrainEpoch() => Epoch++;

    public void Answered(int epoch) => answered = Math.Max(answered, epoch);
}
