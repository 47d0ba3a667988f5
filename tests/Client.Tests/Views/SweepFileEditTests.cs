using Client.Local;
using Sweeps.Core;
using Sweeps.Core.Rules;
using Sweeps.Files;

namespace Client.Tests.Views;

public class SpecEditTests
{
    private const string Text = """
        method: random
        run_cap: 20
        metric: {name: val_accuracy, goal: maximize}
        parameters:
          hidden_size: {values: [32, 64]}
          learning_rate: {distribution: log_uniform_values, min: 1e-4, max: 1e-1}
          momentum: {when: {hidden_size: 64}, values: [0.5, 0.9]}
        early_terminate: {type: asha, min_iter: 1, max_iter: 9, eta: 3}
        """;

    [Fact]
    public void Keys_are_set_and_the_rest_means_the_same()
    {
        var (before, after) = (SweepFile.Parse(Text, "a.yaml").Spec, SweepFile.Parse(SweepFileEdit.Set(Text, [("run_cap", "40"), ("early_terminate.max_iter", "27")]), "a.yaml").Spec);

        Assert.Equal(40, after.RunCap);
        Assert.Equal(new AshaSpec(1, 27, 3), after.Rules.Single());
        Assert.Equal(before.Space.Parameters.Select(p => p.Name), after.Space.Parameters.Select(p => p.Name));
        Assert.Equal(before.Objective, after.Objective);
    }

    [Fact]
    public void A_parameter_with_two_values_is_refused() => Assert.Contains("'hidden_size' has two values",
        Assert.Throws<UsageException>(() => SweepFileEdit.Configuration(Text, ["hidden_size=32", "hidden_size=64"])).Message, StringComparison.Ordinal);

    [Fact]
    public void A_key_below_nothing_is_refused() =>
        Assert.Contains("early_stopping", Assert.Throws<UsageException>(() => SweepFileEdit.Set(Text, [("early_stopping.eta", "4")])).Message, StringComparison.Ordinal);

    [Fact]
    public void A_log_keeps_the_file_s_name_and_format_where_it_has_none_of_its_own()
    {
        var kept = SweepFileEdit.ForLog(Text, SweepFile.Parse(Text, "it's.yaml"));

        Assert.Equal("it's", SweepFile.Stored(kept).Name);
        Assert.Equal(SweepFile.Parse(Text, "it's.yaml").Spec.Trainable, SweepFile.Stored(kept).Trainable);
        Assert.Equal(kept, SweepFileEdit.ForLog(kept, SweepFile.Parse(kept, "other.yaml")));
    }

    [Fact]
    public void A_configuration_is_read_as_the_space_means_it()
    {
        var configuration = SweepFileEdit.Configuration(Text, ["hidden_size=64", "learning_rate=0.01", "momentum=0.9"]);

        Assert.Equal("hidden_size=64 learning_rate=0.01 momentum=0.9", configuration.ToString());
    }

    [Theory]
    [InlineData("hidden_size=65", "65")]
    [InlineData("hidden_sise=64", "hidden_sise")]
    [InlineData("hidden_size", "hidden_size")]
    [InlineData("hidden_size=32", "momentum")]
    public void A_configuration_outside_the_space_is_refused(string word, string named) =>
        Assert.Contains(named, Assert.Throws<UsageException>(() => SweepFileEdit.Configuration(Text, [word, "learning_rate=0.01", "momentum=0.9"])).Message, StringComparison.Ordinal);
}

public class RuleEditTests
{
    private const string Text = """
        method: random
        run_cap: 9
        dataset: glyphs
        metric: {name: val_loss}
        epochs: 27
        parameters: {learning_rate: {min: 0.1, max: 0.2}}
        """;

    [Theory]
    [InlineData("{type: asha, min_iter: 2, max_iter: 18, eta: 3}", "asha_stopping")]
    [InlineData("{type: asha_stopping, rule: ray, min_iter: 2, max_iter: 18}", "successive_halving")]
    [InlineData("[{type: median}, {type: asha, min_iter: 2, max_iter: 18}]", "hyperband_brackets")]
    public void A_ladder_takes_the_rungs_of_the_one_before(string before, string rule)
    {
        var after = Change($"{Text}\nearly_terminate: {before}", rule);

        Assert.Equal((rule, 2, 18, 3), after switch
        {
            AshaStoppingSpec(var first, var last, var eta, AshaComparison.Optuna) => (after.Type, first, last, eta),
            SuccessiveHalvingSpec(var first, var last, var eta, _) => (after.Type, first, last, eta),
            _ => default,
        });
    }

    [Fact]
    public void A_file_without_rules_gets_one() => Assert.Equal(new AshaSpec(1, 27, 3), Change(Text, "asha"));

    [Fact]
    public void A_rule_can_be_written_out() =>
        Assert.Equal(new MedianSpec(4, 2), Change($"{Text}\nearly_terminate: {{type: asha}}", "{type: median, min_iter: 4, min_runs: 2}"));

    [Fact]
    public void A_rule_that_is_none_is_refused() => Assert.Contains("ashe", Assert.Throws<UsageException>(() => Change(Text, "ashe")).Message, StringComparison.Ordinal);

    private static RuleSpec Change(string text, string rule)
    {
        var (file, _) = SweepFileEdit.Apply(text, "s.yaml", []);
        return Assert.Single(SweepFileEdit.Apply(text, "s.yaml", [SweepFileEdit.ReplaceRules(file.Spec, rule)]).File.Spec.Rules);
    }
}
