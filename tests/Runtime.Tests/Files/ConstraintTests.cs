using Sweeps.Core;
using Sweeps.Files;

namespace Runtime.Tests.Files;

public class ConstraintTests
{
    private static readonly Configuration Example = new(new Dictionary<string, Value>
    {
        ["hidden_size"] = new Value.Integer(64), ["epochs"] = new Value.Integer(10), ["optimizer"] = new Value.Text("adam"), ["rate"] = new Value.Number(0.5),
    });

    [Theory]
    [InlineData("hidden_size >= 64 or epochs <= 5", true)]
    [InlineData("hidden_size > 64 or epochs <= 5", false)]
    [InlineData("hidden_size == 64.0", true)]
    [InlineData("hidden_size = 64 and not epochs != 10", true)]
    [InlineData("not (hidden_size == 64 and epochs == 10)", false)]
    [InlineData("optimizer == adam", true)]
    [InlineData("optimizer == 'adam'", true)]
    [InlineData("optimizer in [sgd, adam]", true)]
    [InlineData("optimizer not in [sgd, adam]", false)]
    [InlineData("hidden_size in [-1, 64]", true)]
    [InlineData("hidden_size * epochs + 1 == 641", true)]
    [InlineData("2 + 3 * 4 == 14", true)]
    [InlineData("(2 + 3) * 4 == 20", true)]
    [InlineData("10 - 4 - 3 == 3", true)]
    [InlineData("-rate < -0.4", true)]
    [InlineData("hidden_size / 0 > 1", true)]
    [InlineData("optimizer < b", true)]
    [InlineData("optimizer > 5", false)]
    [InlineData("true or epochs == 1", true)]
    [InlineData("momentum > 0.9", true)]
    [InlineData("not momentum > 0.9", true)]
    [InlineData("momentum > 0.9 and epochs == 1", false)]
    [InlineData("momentum > 0.9 or epochs == 1", true)]
    public void An_expression_holds_or_not(string text, bool holds)
    {
        var spec = SweepFile.Parse($"""
            method: random
            constraints: ["{text}"]
            parameters:
              hidden_size: {"{"}values: [32, 64]{"}"}
              epochs: {"{"}values: [1, 10]{"}"}
              optimizer: {"{"}values: [sgd, adam, b, momentum_]{"}"}
              rate: {"{"}min: 0.0, max: 1.0{"}"}
              momentum: {"{"}when: {"{"}optimizer: sgd{"}"}, min: 0.0, max: 1.0{"}"}
            """, "x.yaml").Spec;

        Assert.Equal(holds, Assert.Single(spec.Constraints).Holds(Example));
    }

    [Theory]
    [InlineData("val_accuracy > 0.88 and optimizer in [sgd, adam]", true)]
    [InlineData("val_accuracy > 0.95", false)]
    [InlineData("state == finished", true)]
    [InlineData("`eval/loss` < 0.2", true)]
    [InlineData("test_loss < 1", false)]
    [InlineData("test_loss < 1 or state == finished", true)]
    [InlineData("tags == good", true)]
    [InlineData("tags != good", false)]
    [InlineData("good in tags and 'x-1' in tags", true)]
    [InlineData("tags in [bad, good]", true)]
    [InlineData("bad in tags", false)]
    [InlineData("tags not in [bad]", true)]
    public void A_filter_reads_metrics_too_and_does_not_hold_where_a_value_is_absent(string text, bool holds)
    {
        var space = SweepFile.Parse("method: random\nparameters: {optimizer: {values: [sgd, adam]}}", "x.yaml").Spec.Space;
        var run = new Configuration(Example.Concat(new Dictionary<string, Value>
        {
            ["val_accuracy"] = new Value.Number(0.9), ["eval/loss"] = new Value.Number(0.1), ["state"] = new Value.Text("finished"),
            ["tags"] = new Value.List([new Value.Text("good"), new Value.Text("x-1")]),
        }));

        Assert.Equal(holds, RunFilter.Parse(text, space, ["val_accuracy", "eval/loss", "state", "test_loss", "tags"], ["finished", "good", "bad"], "tags").Holds(run));
    }
}
