using Sweeps.Core;
using Sweeps.Core.Space;
using Sweeps.Files;

namespace Sweeps.Tests.Space;

public class RunNamesTests
{
    private static string Name(string parameters, params (string Name, Value Value)[] configuration) =>
        new RunNames(SweepFile.Parse($"method: random\nparameters: {parameters}", "x.yaml").Spec.Space)
            .Of(17, new Configuration(configuration.Select(pair => KeyValuePair.Create(pair.Name, pair.Value))));

    [Fact]
    public void A_name_holds_what_varies_and_nothing_else() => Assert.Equal(
        "hl_3_bs_16_ac_tanh",
        Name(
            "{activation: {values: [tanh, relu]}, batch_size: {values: [16, 32]}, hidden_layers: {min: 2, max: 5}, epochs: {value: 10}}",
            ("activation", new Value.Text("tanh")), ("batch_size", new Value.Integer(16)), ("hidden_layers", new Value.Integer(3)), ("epochs", new Value.Integer(10))));

    [Fact]
    public void Inactive_parameters_are_absent() =>
        Assert.Equal("op_adam", Name("{optimizer: {values: [adam, momentum]}, momentum: {min: 0.0, max: 1.0}}", ("optimizer", new Value.Text("adam"))));

    [Fact]
    public void Abbreviations_are_unique() => Assert.Equal(
        "be1_0.9_be2_0.5_wd_0.001_wde_2",
        Name(
            "{beta1: {min: 0.0, max: 1.0}, beta2: {min: 0.0, max: 1.0}, weight_decay: {min: 0.0, max: 1.0}, width_depth: {min: 1, max: 3}}",
            ("beta1", new Value.Number(0.9)), ("beta2", new Value.Number(0.5)), ("weight_decay", new Value.Number(0.001)), ("width_depth", new Value.Integer(2))));

    [Fact]
    public void Lists_and_numbers_are_short() => Assert.Equal(
        "hs_400-250_lr_0.001235",
        Name(
            "{hidden_sizes: {values: [[400, 250], [100]]}, learning_rate: {min: 0.0, max: 1.0}}",
            ("hidden_sizes", new Value.List([new Value.Integer(400), new Value.Integer(250)])), ("learning_rate", new Value.Number(0.00123456))));

    [Fact]
    public void Small_numbers_have_an_exponent() =>
        Assert.Equal("wd_1.5e-5", Name("{weight_decay: {min: 0.0, max: 1.0}}", ("weight_decay", new Value.Number(1.5e-5))));

    [Fact]
    public void Without_anything_that_varies_the_number_is_the_name() =>
        Assert.Equal("run_17", Name("{x: {value: 1}}", ("x", new Value.Integer(1))));
}
