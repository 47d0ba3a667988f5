using Sweeps.Core;
using Sweeps.Core.Rules;

namespace Runtime.Tests.Added;

/// <summary>
/// The stopping rule of the example in docs/deciding.md: at each rung it stops a run that is worse than more than half of the others.
/// </summary>
internal sealed record HalfSpec(int First) : RuleSpec
{
    public static RuleDescriptor Descriptor { get; } = new(Read, "half");

    public override string Type => "half";

    public override string Summary => $"half from {First}";

    public override RungPlan Plan(int maxEpochs) => RungPlan.Geometric(First, maxEpochs, 2);

    public override string Describe(int maxEpochs) => $"the worse half stops at epochs {string.Join(", ", Plan(maxEpochs).Rungs)}";

    public override int? Quota(Reason reason) => (reason.Count + 1) / 2;

    public override IStoppingRule Create(RuleContext context) => new Half(Plan(context.MaxEpochs).Rungs, context.Objective);

    private static HalfSpec? Read(IRuleSection section)
    {
        if (section.TakeEpochs("first") is { } first)
            return new HalfSpec(first);
        if (!section.Has("first"))
            section.Mistake(null, "'half' needs 'first': the epoch of the first rung.");
        return null;
    }

    private sealed class Half(IReadOnlyList<int> epochs, Objective objective) : ILadder
    {
        private readonly Dictionary<int, RankedValues> rungs = epochs.ToDictionary(epoch => epoch, _ => new RankedValues());

        public IReadOnlyList<int> Rungs(SweepRun run) => epochs;

        public RuleDecision OnReport(SweepRun run, int epoch, double value)
        {
            if (!rungs.TryGetValue(epoch, out var rung))
                return RuleDecision.Continue;
            var better = rung.Better(value);
            var reason = new Reason("half", epoch, Rank: better + 1, Count: rung.Count + 1, Value: objective.AsReported(value));
            return new RuleDecision(better > rung.Count / 2 ? Verdict.Stop : Verdict.Continue, reason);
        }

        public void Recorded(SweepRun run, int epoch, double value) => rungs.GetValueOrDefault(epoch)?.Add(value, run.Number);

        public IEnumerable<RungView> View() => rungs.Select(rung => new RungView(0, rung.Key, rung.Value.Count, rung.Value.Count));
    }
}
