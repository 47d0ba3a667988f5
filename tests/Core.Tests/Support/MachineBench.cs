using Sweeps.Core;
using Sweeps.Core.Rules;
using Sweeps.Core.Search;
using Sweeps.Core.Space;

namespace Core.Tests.Support;

/// <summary>A sweep machine for tests: a fixed spec, artificial values and a virtual clock.</summary>
internal sealed class MachineBench
{
    private readonly SweepSpec spec;
    private readonly ISearch search;

    public MachineBench(SweepSpec spec, ISearch? search = null, MachineOptions? options = null)
    {
        this.spec = spec;
        this.search = search ?? new Counting();
        Options = options ?? new MachineOptions();
        Machine = Empty();
        var created = new LoggedEvent(1, At, new SweepCreated("s", "spec", "test"));
        Machine.Apply(created);
        Log.Add(created);
    }

    public MachineOptions Options { get; }

    public SweepMachine Machine { get; private set; }

    public List<LoggedEvent> Log { get; } = [];

    public DateTimeOffset At { get; set; } = DateTimeOffset.UnixEpoch;

    public SweepState State => Machine.State;

    /// <summary>The specs of the texts with which the sweep is changed.</summary>
    public Dictionary<string, SweepSpec> Texts { get; } = [];

    public static SweepSpec Spec(params RuleSpec[] rules) => new()
    {
        Name = "test",
        Method = SearchMethod.Random,
        Objective = new Objective("loss", Goal.Minimize),
        Space = new SearchSpace([new Parameter("n", new IntUniform(0, 1L << 40), new Dictionary<string, IReadOnlyList<Value>>())]),
        Rules = rules,
        Epochs = 9,
        MaxEpochs = 9,
        Trainable = new TrainableSpec.Table("none"),
    };

    public static RuleSpec Asha(int first, int last, int eta) => new AshaSpec(first, last, eta);

    public WorkReply Ask(string node, int free, params RunLease[] running) => Send(new RequestWork(node, free, running));

    /// <summary>Requests one more run for a node that holds all its assignments.</summary>
    public Assignment One(string node = "a") => Assert.Single(Ask(node, 1, Held(node)).Assignments);

    /// <summary>The runs of a node according to the log.</summary>
    public RunLease[] Held(string node) =>
        [.. State.RunningRuns.Select(number => State.Runs[number]).Where(run => run.Node == node).Select(run => new RunLease(run.Number, run.Generation))];

    public VerdictReply Report(Assignment work, int epoch, double loss, string? divergence = null) =>
        Send(new ReportEpoch("a", work.Run, work.Generation, epoch, new Dictionary<string, double> { ["loss"] = loss }, 1, divergence));

    public SteerReply Steer(SteerAction action) => Send(new Steer(new SweepSteered("ann", "", action)));

    public TReply Send<TReply>(Command<TReply> command) where TReply : Reply => Machine.Decide(command, At, Log);

    /// <summary>Advances the clock while the coordinator gets its ticks.</summary>
    public void Listen(TimeSpan time)
    {
        for (var end = At + time; At < end; Send(new Tick()))
            At += TimeSpan.FromSeconds(Math.Min(1, (end - At).TotalSeconds));
    }

    /// <summary>Replaces the machine by one rebuilt from the log.</summary>
    public void Restart()
    {
        Machine = Empty();
        foreach (var logged in Log)
            Machine.Apply(logged);
    }

    public IEnumerable<T> Events<T>() where T : SweepEvent => Log.Select(logged => logged.Event).OfType<T>();

    private SweepMachine Empty() => new(text => Texts.GetValueOrDefault(text, spec), _ => search, Options);

    /// <summary>Proposes n = 0, 1, 2 …</summary>
    public sealed class Counting(long? size = null, Func<int, int, int>? point = null) : ISearch
    {
        public long? Size => size;

        public Suggestion? Propose(int run, int attempt, IHistory history) =>
            run >= size ? null : new Suggestion(new Configuration([new("n", new Value.Integer(point?.Invoke(run, attempt) ?? run))]));
    }
}
