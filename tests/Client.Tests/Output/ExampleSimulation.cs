using Client.Local;
using Sweeps.Core;
using Sweeps.Files;
using Sweeps.Simulation;

namespace Client.Tests.Output;

/// <summary>Two rules on a function with two seeds, small enough to check by eye.</summary>
internal static class ExampleSimulation
{
    private const string Text = """
        name: branin
        method: random
        run_cap: 40
        epochs: 9
        trainable: function
        function: branin
        metric: {name: value, goal: minimize}
        parameters: {x1: {min: -5.0, max: 10.0}, x2: {min: 0.0, max: 15.0}}
        """;

    public static IReadOnlyList<SimulationVariant> Variants { get; } =
    [
        SimulationVariant("none", Text, Sweep(0, 40, 360, 23, [("finished", 40)], 0.9, 0.5), Sweep(1, 40, 360, 23, [("finished", 40)], 0.7, 0.3)),
        SimulationVariant(
            "asha 1 3 9", Text + "\nearly_terminate: {type: asha, eta: 3}",
            Sweep(0, 40, 118, 14, [("asha", 35), ("finished", 5)], 0.8, 0.4), Sweep(1, 40, 121, 15, [("asha", 36), ("finished", 4)], 0.8, 0.4)),
    ];

    private static SimulationVariant SimulationVariant(string label, string text, params SimulatedSweep[] sweeps) => new(label, SweepFile.Parse(text, "branin.yaml"), text, sweeps);

    private static SimulatedSweep Sweep(ulong seed, int runs, long epochs, long time, (string, int)[] ends, double best, double regret) => new(
        seed, runs, epochs, time, ends.ToDictionary(end => end.Item1, end => end.Item2),
        new Configuration([new("x1", new Value.Number(9.4247)), new("x2", new Value.Number(2.475))]),
        [new Milestone(epochs / 10, 2, 12.5, 12.1), new Milestone(epochs / 2, 17, best, regret)], []);
}
