using Client.Views;
using Sweeps.Core;

namespace Client.Tests.Output;

/// <summary>A running sweep, small enough to check by eye.</summary>
internal static class ExampleView
{
    public static SweepView View { get; } = new(
        "glyphs-7f3a", "glyphs", "random · asha 1 3 9", "running", "val_accuracy", new RunCounts(14, 2, 0, 7, 2, 2, 1, 0), 36, 41, 118, 2, 3.25,
        TimeSpan.FromSeconds(42), TimeSpan.FromSeconds(24),
        [Run(12, RunState.Running, 2, 0.81234, 128, "nadam", 0.00123), Run(13, RunState.Running, 0, null, 32, "sgd", 0.1)],
        [
            Run(4, RunState.Finished, 9, 0.96512, 128, "adam", 0.00211), Run(9, RunState.Finished, 9, 0.95, 64, "adam", 0.004),
            Run(1, RunState.Paused, 3, 0.91, 64, "sgd", 0.031), Run(3, RunState.Diverged, 1, 0.1, 128, "momentum", 0.5),
        ])
    {
        Parameters = ["hidden_size", "optimizer", "learning_rate"],
    };

    private static RunView Run(int run, RunState state, int epoch, double? best, int size, string optimizer, double rate) => new(
        run, $"hs_{size}_op_{optimizer}", state, epoch, 9, best, best is null ? 0 : epoch,
        new Configuration([new("hidden_size", new Value.Integer(size)), new("optimizer", new Value.Text(optimizer)), new("learning_rate", new Value.Number(rate))]));
}
