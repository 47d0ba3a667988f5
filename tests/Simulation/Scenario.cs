using Sweeps.Core;
using Sweeps.Core.Rules;
using Sweeps.Core.Search;
using Sweeps.Core.Space;

namespace Simulation;

/// <summary>
/// The sweep of a schedule: a spec, and learning curves with ties, crossings and divergence that depend only on run and epoch.
/// </summary>
internal sealed record Scenario
{
    public const int Epochs = 9;

    private static readonly (RuleSpec[] Rules, int[] Caps)[] kinds =
    [
        ([], [3, 8]),
        ([new AshaSpec(1, 9, 3)], [1, 9, 20]),
        ([new AshaSpec(1, 9, 2)], [12]),
        ([new AshaSpec(2, 9, 2), new MedianSpec(3, 2)], [14]),
        ([new AshaStoppingSpec(1, 9, 3, AshaComparison.Optuna)], [15]),
        ([new AshaStoppingSpec(1, 9, 3, AshaComparison.Ray), new PatienceSpec(2, 0)], [15]),
        ([new AshaStoppingSpec(1, 9, 2, AshaComparison.Wandb)], [11]),
        ([new WandbHyperbandSpec(1, null, null, 3, true)], [12]),
        ([new SuccessiveHalvingSpec(1, 9, 3)], [9, 13, 18]),
        ([new SuccessiveHalvingSpec(1, 9, 3, AllBrackets: true)], [17, 20]),
    ];

    public Scenario(Dice dice)
    {
        var kind = dice.Below(kinds.Length);
        var (rules, caps) = kinds[kind];
        var cap = dice.Pick(caps);
        Key = $"{kind}/{cap}";
        Synchronous = rules.Any(rule => rule is SuccessiveHalvingSpec);
        Spec = new SweepSpec
        {
            Name = "simulated",
            Method = SearchMethod.Random,
            Objective = new Objective("loss", Goal.Minimize),
            Space = new SearchSpace([]),
            Rules = rules,
            RunCap = cap,
            Epochs = Epochs,
            MaxEpochs = Epochs,
            Budget = !Synchronous && dice.Chance(0.1) ? new Budget(Epochs: 20 + dice.Below(40)) : new Budget(),
            Slots = dice.Chance(0.2) ? new SlotShare(MaxSlots: 2) : new SlotShare(),
            Trainable = new TrainableSpec.Network(""),
        };
    }

    /// <summary>A sweep whose search fits a Gaussian process to the values at the rungs.</summary>
    public static Scenario Modelled(Dice dice)
    {
        var scenario = new Scenario(dice);
        return scenario with
        {
            Key = "modelled",
            Synchronous = false,
            Spec = scenario.Spec with
            {
                Method = SearchMethod.Bayes, Space = new SearchSpace([new Parameter("n", new Uniform(0, 2000), new Dictionary<string, IReadOnlyList<Value>>())]),
                Rules = [new AshaSpec(1, 9, 3)], RunCap = 14, Budget = new Budget(),
            },
        };
    }

    public SweepSpec Spec { get; private init; }

    /// <summary>Identifies the scenario: scenarios with equal keys are equal.</summary>
    public string Key { get; private init; }

    /// <summary>Whether the outcome must be independent of the schedule.</summary>
    public bool Synchronous { get; private init; }

    public static IReadOnlyDictionary<string, double> Metrics(int run, int epoch)
    {
        var level = SplitMix64.Draw(1, (ulong)run, "level") % 6;
        var bend = SplitMix64.Draw(2, (ulong)((run * 100) + epoch), "bend") % 3;
        return new Dictionary<string, double> { ["loss"] = Diverges(run) == epoch ? double.NaN : level + (bend / 2.0) + (4.0 / epoch) };
    }

    /// <summary>Reads a sweep file of the simulation: a run cap and an η, or empty for the first one.</summary>
    public SweepSpec Read(string text)
    {
        if (text.Length == 0)
            return Spec;
        var numbers = Array.ConvertAll(text.Split(' '), int.Parse);
        return Spec with
        {
            RunCap = numbers[0],
            Rules = [.. Spec.Rules.Select(rule => rule is AshaSpec asha ? asha with { Eta = numbers[1] } : rule)],
        };
    }

    public SweepMachine Machine(SweepState? state = null) => new(Read, spec => spec.Method.NeedsMetric ? spec.Method.Create(spec) : Search(), new MachineOptions(), state);

    public static ISearch Search() => new Counting();

    private static int Diverges(int run) => SplitMix64.Draw(3, (ulong)run, "diverges") is var draw && draw % 7 == 0 ? (int)(draw / 7 % Epochs) + 1 : 0;

    private sealed class Counting : ISearch
    {
        public long? Size => null;

        public Suggestion? Propose(int index, int attempt, IHistory history) =>
            new(new Configuration([new("n", new Value.Integer(index + attempt))]));
    }
}
