using Core.Tests.Support;
using Sweeps.Core.Space;
using static Core.Tests.Support.Parameters;

namespace Core.Tests.Space;

public class RunNamesTests
{
    private static string Name(SearchSpace space, params (string Name, object Value)[] configuration) => new RunNames(space).Of(17, Point.Of(configuration));

    [Fact]
    public void A_name_holds_what_varies_and_nothing_else() => Assert.Equal(
        "hl_3_bs_16_ac_tanh",
        Name(
            SpaceOf(Choice("activation", "tanh", "relu"), Choice("batch_size", 16, 32), Integer("hidden_layers", 2, 5), Choice("epochs", 10)),
            ("activation", "tanh"), ("batch_size", 16), ("hidden_layers", 3), ("epochs", 10)));

    [Fact]
    public void Inactive_parameters_are_absent() =>
        Assert.Equal("op_adam", Name(SpaceOf(Choice("optimizer", "adam", "momentum"), Real("momentum")), ("optimizer", "adam")));

    [Fact]
    public void Abbreviations_are_unique() => Assert.Equal(
        "be1_0.9_be2_0.5_wd_0.001_wde_2",
        Name(
            SpaceOf(Real("beta1"), Real("beta2"), Real("weight_decay"), Integer("width_depth", 1, 3)),
            ("beta1", 0.9), ("beta2", 0.5), ("weight_decay", 0.001), ("width_depth", 2)));

    [Fact]
    public void A_name_that_is_the_abbreviation_of_another_one_gets_a_number() => Assert.Equal(
        "lr_0.1_lr2_0.2",
        Name(SpaceOf(Real("learning_rate"), Real("lr")), ("learning_rate", 0.1), ("lr", 0.2)));

    [Fact]
    public void Lists_and_numbers_are_short() => Assert.Equal(
        "hs_400-250_lr_0.001235",
        Name(
            SpaceOf(Choice("hidden_sizes", new[] { 400, 250 }, new[] { 100 }), Real("learning_rate")),
            ("hidden_sizes", new[] { 400, 250 }), ("learning_rate", 0.00123456)));

    [Fact]
    public void Small_numbers_have_an_exponent() => Assert.Equal("wd_1.5e-5", Name(SpaceOf(Real("weight_decay")), ("weight_decay", 1.5e-5)));

    [Fact]
    public void Without_anything_that_varies_the_number_is_the_name() => Assert.Equal("run_17", Name(SpaceOf(Choice("x", 1)), ("x", 1)));
}
