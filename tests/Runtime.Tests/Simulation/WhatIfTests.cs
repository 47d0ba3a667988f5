using Core.Tests.Support;
using Sweeps.Core;
using Sweeps.Simulation;
using Sweeps.Training;

namespace Runtime.Tests.Simulation;

public class WhatIfTests
{
    private static readonly SweepSpec full = MachineBench.Spec() with { RunCap = 9 };

    [Fact]
    public void Full_curves_answer_exactly_what_another_scheduler_would_have_done()
    {
        var asha = full with { Rules = [MachineBench.Asha(1, 9, 3)] };
        var would = WhatIf.Replay(Sweep(full).Log, _ => full, _ => asha, 2);
        var did = Sweep(asha).State;
        Assert.Equal((did.EpochsRecorded, did.Best!.Number, did.Runs.Count), (would.Epochs, would.Winner!.Value, would.Runs));
        Assert.Equal(81, would.RecordedEpochs);
        Assert.Equal(Knowledge.Exact, would.Knowledge);
        Assert.Equal(would.Best - would.RecordedBest, would.Regret);
    }

    [Fact]
    public void A_run_that_needs_epochs_the_log_does_not_have_is_said_so()
    {
        var asha = full with { Rules = [MachineBench.Asha(1, 9, 3)] };
        var would = WhatIf.Replay(Sweep(asha).Log, _ => asha, spec => spec with { Rules = [] }, 1);
        Assert.Contains(new MissingEpochs(1, 1, 9), would.Missing);
        Assert.Equal(would.RecordedEpochs, would.Epochs);
        Assert.Equal(0, would.Regret);
        Assert.Equal(Knowledge.None, would.Knowledge);
        Assert.Equal(Knowledge.Bounds, (would with { Missing = [.. would.Missing.Take(2)] }).Knowledge);
    }

    [Fact]
    public void A_smaller_budget_spends_no_more_than_it()
    {
        var would = WhatIf.Replay(Sweep(full).Log, _ => full, spec => spec with { Budget = new Budget(Epochs: 20) }, 1);
        Assert.Equal(20, would.Epochs);
        Assert.True(would.Regret >= 0);
    }

    private static VirtualResult Sweep(SweepSpec spec) => VirtualSweep.Run(
        spec, (run, epoch) => new EpochReport(epoch, new Dictionary<string, double> { ["loss"] = (run.Number * 5 % 9) + (1.0 / epoch) }, 1), 2,
        _ => new MachineBench.Counting(), keepLog: true);
}
