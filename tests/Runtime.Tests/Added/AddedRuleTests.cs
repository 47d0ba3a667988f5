using Sweeps.Core;
using Sweeps.Core.Rules;
using Sweeps.Core.Search;
using Sweeps.Simulation;
using Sweeps.Files;
using Sweeps.Training;

namespace Runtime.Tests.Added;

/// <summary>A rule needs one file (<see cref="HalfSpec"/>) and one entry in the list of rules; no other code uses its type.</summary>
public class AddedRuleTests
{
    [Fact]
    public void A_sweep_file_names_it_and_check_describes_it_with_its_rungs()
    {
        var file = Parse("{type: half, first: 2}");
        Assert.Equal([new HalfSpec(2)], file.Spec.Rules);
        Assert.Contains("  half: the worse half stops at epochs 2, 4, 8\n", SpecCheck.Of(file).ToString(), StringComparison.Ordinal);
        Assert.Equal(2 + (2 / 2) + (4 / 4) + (1 / 8.0), ExpectedEpochs.Of(file.Spec, 1000) / 1000.0);
    }

    [Theory]
    [InlineData("{type: half, first: none}", "x.yaml:8:38: 'early_terminate.first' must be an integer from 1 to 1000000; received 'none'.")]
    [InlineData("{type: half}", "x.yaml:8:18: 'half' needs 'first': the epoch of the first rung.")]
    [InlineData("{type: half, first: 1, last: 9}", "x.yaml:8:41: Unknown key 'last' in 'early_terminate'. Expected one of: type, first.")]
    [InlineData("{type: halv, first: 1}", "x.yaml:8:19: 'early_terminate.type' cannot be 'halv'. Did you mean 'half'?")]
    [InlineData("[{type: half, first: 1}, {type: asha}]", "x.yaml:8:43: 'asha' is a second ladder of rungs: a sweep has one. It may be joined by 'median' and 'patience'.")]
    public void Mistakes_in_its_section_have_their_place(string rules, string mistake) =>
        Assert.Equal(mistake, Assert.Single(Assert.Throws<SweepFileException>(() => Parse(rules)).Mistakes).At("x.yaml"));

    [Fact]
    public void It_decides_in_a_sweep_whose_log_says_why()
    {
        var spec = Parse("[{type: half, first: 2}, {type: patience, epochs: 8}]").Spec;
        var sweep = SimulatedSweep.Run(spec, FunctionTrainable.Of(spec, (TrainableSpec.Function)spec.Trainable), 3, CancellationToken.None, keepLog: true);
        Assert.True(sweep.Ends["half"] > 0);
        Assert.True(sweep.Ends["finished"] > 0);

        var machine = new SweepMachine(_ => spec, SearchFactory.Create, new MachineOptions());
        foreach (var logged in sweep.Log)
            machine.Apply(logged);
        Assert.Equal([2, 4, 8], machine.State.Rungs.Select(rung => rung.Epoch));
        Assert.Equal(sweep.Runs, machine.State.Rungs.First().Arrived);
        Assert.Equal(machine.State.Rungs, SweepSnapshot.Read(_ => spec, SweepSnapshot.Write(machine.State))!.Rungs);
        var stopped = machine.State.Runs.First(run => run.State == RunState.Stopped);
        Assert.StartsWith("Stopped by half: ", Why.Explain(sweep.Log, stopped.Number, _ => spec)[^1].Text, StringComparison.Ordinal);
        var finished = machine.State.Runs.First(run => run.State == RunState.Finished);
        Assert.Contains(Why.Explain(sweep.Log, finished.Number, _ => spec), decision => decision.Text.StartsWith("Went on at rung 8: ", StringComparison.Ordinal));
    }

    private static SweepFile Parse(string rules) => SweepFile.Parse($$"""
        method: random
        run_cap: 20
        epochs: 9
        trainable: function
        function: learning_curves
        metric: {name: value}
        parameters: {x1: {min: 0.0, max: 1.0}, x2: {min: 0.0, max: 1.0} }
        early_terminate: {{rules}}
        """, "x.yaml", [.. StoppingRules.All, HalfSpec.Descriptor]);
}
