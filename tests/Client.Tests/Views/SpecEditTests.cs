using Client.Steering;
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
        var (before, after) = (SweepFile.Parse(Text, "a.yaml").Spec, SweepFile.Parse(SpecEdit.Set(Text, [("run_cap", "40"), ("early_terminate.max_iter", "27")]), "a.yaml").Spec);

        Assert.Equal(40, after.RunCap);
        Assert.Equal(new AshaSpec(1, 27, 3), after.Rules.Single());
        Assert.Equal(before.Space.Parameters.Select(p => p.Name), after.Space.Parameters.Select(p => p.Name));
        Assert.Equal(before.Objective, after.Objective);
    }

    [Fact]
    public void A_key_below_nothing_is_refused() =>
        Assert.Contains("early_stopping", Assert.Throws<UsageException>(() => SpecEdit.Set(Text, [("early_stopping.eta", "4")])).Message, StringComparison.Ordinal);

    [Fact]
    public void A_log_keeps_the_file_s_name_and_format_where_it_has_none_of_its_own()
    {
        var kept = SpecEdit.ForLog(Text, SweepFile.Parse(Text, "it's.yaml"));

        Assert.Equal("it's", SweepFile.Stored(kept).Name);
        Assert.Equal(SweepFile.Parse(Text, "it's.yaml").Spec.Trainable, SweepFile.Stored(kept).Trainable);
        Assert.Equal(kept, SpecEdit.ForLog(kept, SweepFile.Parse(kept, "other.yaml")));
    }

    [Fact]
    public void A_configuration_is_read_as_the_space_means_it()
    {
        var configuration = SpecEdit.Configuration(Text, ["hidden_size=64", "learning_rate=0.01", "momentum=0.9"]);

        Assert.Equal("hidden_size=64 learning_rate=0.01 momentum=0.9", configuration.ToString());
    }

    [Theory]
    [InlineData("hidden_size=65", "65")]
    [InlineData("hidden_sise=64", "hidden_sise")]
    [InlineData("hidden_size", "hidden_size")]
    [InlineData("hidden_size=32", "momentum")]
    public void A_configuration_outside_the_space_is_refused(string word, string named) =>
        Assert.Contains(named, Assert.Throws<UsageException>(() => SpecEdit.Configuration(Text, [word, "learning_rate=0.01", "momentum=0.9"])).Message, StringComparison.Ordinal);
}
