using Client.Steering;
using Sweeps.Core;
using Sweeps.Core.Rules;

namespace Client.Tests.Views;

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
        var (file, _) = RuleEdit.Apply(text, "s.yaml", []);
        return Assert.Single(RuleEdit.Apply(text, "s.yaml", [RuleEdit.Of(file.Spec, rule)]).File.Spec.Rules);
    }
}
