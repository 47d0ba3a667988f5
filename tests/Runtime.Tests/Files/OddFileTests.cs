using Sweeps.Core;
using Sweeps.Files;

namespace Runtime.Tests.Files;

/// <summary>Files that other tools read differently or report badly.</summary>
public class OddFileTests
{
    private const string Branin = "epochs: 2\nfunction: branin\nmetric: {name: value, goal: minimize}\n";

    [Fact]
    public void Underscores_between_thousands_are_digits_as_in_yaml_1_1()
    {
        var file = SweepFile.Parse(Branin + "method: grid\nparameters: {x1: {values: [3_000, 12_345_678]}, x2: {value: 1}, text: {value: '3_000'}}", "x.yaml");

        Assert.Empty(file.Warnings);
        var configuration = SpecCheck.Of(file).Samples[0].Configuration;
        Assert.Equal(new Value.Integer(3000), configuration["x1"]);
        Assert.Equal(new Value.Text("3_000"), configuration["text"]);
    }

    [Fact]
    public void Hyperband_whose_first_band_is_below_one_epoch_says_that_it_stops_nothing()
    {
        var file = SweepFile.Parse(
            Branin + "method: random\nrun_cap: 5\nparameters: {x1: {min: 0.0, max: 1.0}, x2: {value: 1}}\nearly_terminate: {type: hyperband, max_iter: 2, s: 2, eta: 3}", "x.yaml");

        Assert.Contains("There is no band", Assert.Single(file.Warnings).Message, StringComparison.Ordinal);
        Assert.Contains("no band: it stops no run", SpecCheck.Of(file).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Hyperband_whose_bands_are_too_many_to_compute_is_refused() => Assert.Contains(
        "'early_terminate.eta' must be a number of at least 1.0001; received '1.000000001'.",
        Assert.Throws<SweepFileException>(() => SweepFile.Parse(
            Branin + "method: random\nparameters: {x1: {min: 0.0, max: 1.0}, x2: {value: 1}}\nearly_terminate: {type: hyperband, min_iter: 1, eta: 1.000000001}", "x.yaml")).Message,
        StringComparison.Ordinal);

    [Fact]
    public void A_grid_whose_step_is_too_large_for_decimal_arithmetic_is_refused_and_does_not_throw() => Assert.Contains(
        "The step q of 'x1' (q_uniform) is 1E+30",
        Assert.Throws<SweepFileException>(() => SweepFile.Parse(
            Branin + "method: grid\nparameters: {x1: {distribution: q_uniform, min: 0, max: 10, q: 1.0e30}, x2: {value: 1}}", "x.yaml").Verify()).Message,
        StringComparison.Ordinal);

    [Theory]
    [InlineData("x1 > 0", " or ")]
    [InlineData("x1 > 0", " and ")]
    [InlineData("x1", " + ")]
    [InlineData("x1", " * ")]
    public void A_constraint_that_is_too_long_to_evaluate_is_refused(string operand, string between)
    {
        var constraint = string.Join(between, Enumerable.Repeat(operand, 100_000)) + (operand == "x1" ? " > 0" : "");

        Assert.Contains("may have 1000 operators, and this one has more", Assert.Throws<SweepFileException>(() => SweepFile.Parse(
            $"{Branin}method: random\nparameters: {{x1: {{min: 0.0, max: 1.0}}, x2: {{value: 1}}}}\nconstraints: ['{constraint}']", "x.yaml")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_grid_beyond_counting_is_not_given_as_a_count()
    {
        var numbers = string.Concat(Enumerable.Range(0, 3).Select(i => $", p{i}: {{min: 1, max: 9000000000}}"));
        var check = SpecCheck.Of(SweepFile.Parse($"{Branin}method: grid\nparameters: {{x1: {{value: 1}}, x2: {{value: 1}}{numbers}}}", "x.yaml")).ToString();

        Assert.DoesNotContain("9,223,372,036,854,775,807", check, StringComparison.Ordinal);
        Assert.Contains("more than 9·10¹⁸ runs", check, StringComparison.Ordinal);
    }

    [Fact]
    public void Thirty_groups_in_each_other_are_read()
    {
        var nested = Enumerable.Range(0, 30).Aggregate("{min: 0.0, max: 1.0}", (inner, i) => $"{{parameters: {{g{i}: {inner}}}}}");
        var file = SweepFile.Parse($"{Branin}method: random\nparameters: {{x1: {{value: 1}}, x2: {{value: 1}}, top: {nested}}}", "x.yaml");

        Assert.StartsWith("top.g29.g28.", file.Spec.Space.Parameters[0].Name, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("hidden_size: {values: [8, '32']}", "x.yaml:5:29: 'hidden_size' cannot be the text '32'.")]
    [InlineData("hidden_size: {value: 8}\n\tdropout: {value: 0.1}", "x.yaml:6:1: ")]
    public void A_mistake_is_at_its_own_place(string parameters, string message)
    {
        var mistakes = Assert.Throws<SweepFileException>(() => SweepFile.Parse(
            $"dataset: glyphs\nmethod: grid\nmetric: {{name: val_loss, goal: minimize}}\nparameters:\n  {parameters}\n", "x.yaml").Verify());

        Assert.Contains(message, mistakes.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_is_cut_between_characters() => Assert.Equal("ab…", PlainText.Fit("ab🎉cd", 4));
}
