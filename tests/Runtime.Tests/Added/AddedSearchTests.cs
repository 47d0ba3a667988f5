using Sweeps.Core;
using Sweeps.Core.Search;
using Sweeps.Files;
using Sweeps.Simulation;
using Sweeps.Training;

namespace Runtime.Tests.Added;

/// <summary>A search method needs one file (<see cref="CornerSearch"/>) and one entry in the list of methods.</summary>
public sealed class AddedSearchTests
{
    [Fact]
    public void A_sweep_file_names_it_and_check_describes_it()
    {
        var file = Parse("corners");
        Assert.Same(CornerSearch.Method, file.Spec.Method);
        Assert.Contains("  method     corners, seed 0\n", SpecCheck.Of(file).ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("corner", "value", "x.yaml:1:9: 'method' cannot be 'corner'. Did you mean 'corners'?")]
    [InlineData("corners", null, "x.yaml:1:1: 'metric' is missing: 'early_terminate' and the methods bayes, tpe, corners need to know what is good. Add: metric: {name: val_accuracy, goal: maximize}")]
    public void Mistakes_have_their_location(string method, string? metric, string mistake) =>
        Assert.Equal(mistake, Assert.Single(Assert.Throws<SweepFileException>(() => Parse(method, metric)).Mistakes).At("x.yaml"));

    [Fact]
    public void It_proposes_and_a_restarted_coordinator_proposes_the_same()
    {
        var spec = Parse("corners").Spec;
        var sweep = SimulatedSweep.Run(spec, FunctionTrainable.Of(spec, (TrainableSpec.Function)spec.Trainable), 1, CancellationToken.None, keepLog: true);
        Assert.Equal(6, sweep.Runs);

        var machine = new SweepMachine(_ => spec, SearchFactory.Create, new MachineOptions());
        foreach (var logged in sweep.Log)
        {
            if (logged.Event is RunCreated created)
                Assert.Equal(created.Configuration, spec.Method.Create(spec).Propose(created.Proposal!.Value, 0, new History(machine.State))!.Configuration);
            machine.Apply(logged);
        }
        // The corner (10, 0) is the best: the runs after the four corners are near it.
        Assert.Equal(9.835, machine.State.Runs[4].Configuration["x1"]!.AsDouble()!.Value, 1e-9);
        Assert.True(machine.State.Best!.Number >= 4);
    }

    private static SweepFile Parse(string method, string? metric = "value") => SweepFile.Parse($$"""
        method: {{method}}
        run_cap: 6
        epochs: 1
        trainable: function
        function: branin
        {{(metric is null ? "" : $"metric: {{name: {metric}}}")}}
        parameters: {x1: {min: -5.0, max: 10.0}, x2: {min: 0.0, max: 15.0} }
        """, "x.yaml", methods: [.. SearchMethod.All, CornerSearch.Method]);
}
