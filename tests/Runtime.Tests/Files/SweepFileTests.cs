using Core.Tests.Support;
using Sweeps.Core.Space;
using Sweeps.Core;
using Sweeps.Core.Rules;
using Sweeps.Core.Search;
using Sweeps.Files;

namespace Runtime.Tests.Files;

public class SweepFileTests
{
    private const string Example = """
        method: random
        seed: 7
        run_cap: 200
        metric: {name: val_accuracy, goal: maximize, target: 0.90}
        parameters:
          optimizer: {values: [sgd, momentum, nesterov, adam, nadam]}
          learning_rate: {distribution: log_uniform_values, min: 1e-4, max: 1e-1}
          hidden_layers: {min: 2, max: 5}                       # int_uniform, both ends
          momentum: {when: {optimizer: [momentum, nesterov]}, values: [0.5, 0.9, 0.99]}
        early_terminate: {type: asha, min_iter: 1, max_iter: 27, eta: 3}
        """;

    [Fact]
    public void The_reference_example_is_read_whole()
    {
        var file = SweepFile.Parse(Example, "folder/example.yaml");

        var spec = file.Spec;
        Assert.Equal("example", spec.Name);
        Assert.Equal(SearchMethod.Random, spec.Method);
        Assert.Equal(7UL, spec.Seed);
        Assert.Equal(200, spec.RunCap);
        Assert.Equal(new Objective("val_accuracy", Goal.Maximize, 0.9), spec.Objective);
        Assert.Equal([new AshaSpec(1, 27, 3)], spec.Rules);
        Assert.Equal(27, spec.MaxEpochs);
        Assert.Equal(["hidden_layers", "learning_rate", "momentum", "optimizer"], spec.Space.Parameters.Select(parameter => parameter.Name));
        Assert.Equal(new IntUniform(2, 5), spec.Space.Find("hidden_layers")!.Distribution);
        Assert.Equal(2, file.Warnings.Count);
        Assert.All(file.Warnings, warning => Assert.Equal(7, warning.Location!.Value.Line));
    }

    [Fact]
    public void A_conditional_parameter_is_there_exactly_when_its_parent_says_so()
    {
        var search = SearchFactory.Create(SweepFile.Parse(Example, "x.yaml").Spec);

        var drawn = Enumerable.Range(0, 200).Select(n => search.Propose(n, 0, NoHistory.Instance)!.Configuration).ToList();

        Assert.All(drawn, configuration => Assert.Equal(
            configuration["optimizer"]!.ToString() is "momentum" or "nesterov", configuration["momentum"] is not null));
        Assert.Contains(drawn, configuration => configuration["momentum"] is not null);
    }
}
