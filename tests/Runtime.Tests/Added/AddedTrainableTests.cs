using Sweeps.Core;
using Sweeps.Files;
using Sweeps.Simulation;
using Sweeps.Training;

namespace Runtime.Tests.Added;

/// <summary>A trainable needs one file (<see cref="ConstantDescriptor"/>) and one entry in the list of trainables.</summary>
public class AddedTrainableTests
{
    [Theory]
    [InlineData("constant: 3")]
    [InlineData("trainable: constant\nconstant: 3")]
    public void A_sweep_file_selects_it_and_check_describes_it(string keys)
    {
        var file = Parse(keys);
        Assert.Equal(new ConstantSpec(3), file.Spec.Trainable);
        Assert.Equal(new Objective("level", Goal.Minimize), file.Spec.Objective);
        Assert.Contains("  trains     nothing: the constant 3, 9 epochs a run\n", SpecCheck.Of(file).ToString(), StringComparison.Ordinal);
        Assert.Equal("level", Parse($"{keys}\nmetric: {{name: value}}").Spec.Objective.Name);
    }

    [Theory]
    [InlineData("constant: 12", "x.yaml:5:11: 'constant' must be an integer from 0 to 9; received '12'.")]
    [InlineData("trainable: constnt", "x.yaml:5:12: 'trainable' cannot be 'constnt'. Did you mean 'constant'?")]
    [InlineData("constant: 3\nmetric: {name: lvel}", "x.yaml:6:1: Nothing reports the metric 'lvel'. Did you mean 'level'?")]
    [InlineData("trainable: constant\nconstant: 3\ntable: t.csv", "x.yaml:7:1: 'table' cannot be used with this 'trainable': network takes 'dataset', table takes 'table', function takes 'function', program takes 'program', dotnet takes 'dotnet', constant takes 'constant'.")]
    public void Mistakes_have_their_location(string keys, string mistake) =>
        Assert.Equal(mistake, Assert.Single(Assert.Throws<SweepFileException>(() => Parse(keys).Verify()).Mistakes).At("x.yaml"));

    [Fact]
    public void It_checks_the_file_before_the_sweep_starts() =>
        Assert.Equal("x.yaml:5:1: 'constant' needs the parameter 'x'.", Assert.Throws<SweepFileException>(() => Parse("constant: 3", "y").Verify()).Message);

    [Fact]
    public void It_trains()
    {
        var file = Parse("constant: 3");
        var trainable = file.Trainable.Make(file.Spec, _ => throw new InvalidOperationException(), path => path, TimeProvider.System);
        Assert.Equal(3, SimulatedSweep.Run(file.Spec, trainable, 2, CancellationToken.None).Best!.Value);
    }

    private static SweepFile Parse(string keys, string parameter = "x") => SweepFile.Parse($$"""
        method: grid
        run_cap: 3
        epochs: 9
        parameters: { {{parameter}}: {values: [0, 1, 2]} }
        {{keys}}
        """, "x.yaml", trainables: [.. TrainableFactory.All, new ConstantDescriptor()]);
}
