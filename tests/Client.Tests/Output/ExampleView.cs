using Client.Views;
using Sweeps.Core;

namespace Client.Tests.Output;

/// <summary>A sweep in the middle of its work, small enough to check by eye.</summary>
internal static class ExampleView
{
    public static SweepView View { get; } = new(
        "glyphs-7f3a", "glyphs", "random · asha 1 3 9", "running", "val_accuracy", new RunCounts(14, 2, 0, 7, 2, 2, 1, 0), 36, 41, 118, 2, 3.25,
        TimeSpan.FromSeconds(42), TimeSpan.FromSeconds(24),
        [Run(12, RunState.Running, 2, 0.81234, "hl_2_hs_128_bs_64_op_nadam_lr_0.00123"), Run(13, RunState.Running, 0, null, "hl_5_hs_32_bs_16_op_sgd_lr_0.1")],
        [
            Run(4, RunState.Finished, 9, 0.96512, "hl_3_hs_128_bs_32_op_adam_lr_0.00211"), Run(9, RunState.Finished, 9, 0.95, "hl_2_hs_64_bs_32_op_adam_lr_0.004"),
            Run(1, RunState.Paused, 3, 0.91, "hl_2_hs_64_bs_16_op_sgd_lr_0.031"), Run(3, RunState.Diverged, 1, 0.1, "hl_4_hs_128_bs_16_op_momentum_lr_0.5"),
        ]);

    private static RunView Run(int run, RunState state, int epoch, double? best, string name) =>
        new(run, name, state, epoch, 9, best, best is null ? 0 : epoch);
}
