using Engine.Networks;
using Engine.Tests.Support;

namespace Engine.Tests.Networks;

/// <summary>
/// Two steps of one weight, from w = 1 with gradients 0.5 and −0.25 at η = 0.1, computed by hand from the papers' formulas.
/// </summary>
public sealed unsafe class HandComputedStepTests
{
    private const double Rate = 0.1, G1 = 0.5, G2 = -0.25, Tolerance = 2e-6;

    [Fact]
    public void Sgd_steps_against_the_gradient() => Check("sgd", 1 - Rate * G1, 1 - Rate * (G1 + G2));

    [Fact]
    public void Sgd_with_weight_decay_adds_the_weight_to_the_gradient()
    {
        var first = 1 - Rate * (G1 + 0.01 * 1);
        Check("sgd", first, first - Rate * (G2 + 0.01 * first), decay: 0.01);
    }

    [Fact]
    public void Momentum_keeps_nine_tenths_of_its_velocity()
    {
        double u1 = G1, u2 = 0.9 * u1 + G2;
        Check("momentum", 1 - Rate * u1, 1 - Rate * u1 - Rate * u2);
    }

    [Fact]
    public void Nesterov_looks_ahead()
    {
        double u1 = G1, u2 = 0.9 * u1 + G2;
        var first = 1 - Rate * (G1 + 0.9 * u1);
        Check("nesterov", first, first - Rate * (G2 + 0.9 * u2));
    }

    [Fact]
    public void RmsProp_divides_by_the_root_of_the_mean_square()
    {
        double v1 = 0.1 * G1 * G1, v2 = 0.9 * v1 + 0.1 * G2 * G2;
        var first = 1 - Rate * G1 / (Math.Sqrt(v1) + 1e-8);
        Check("rmsprop", first, first - Rate * G2 / (Math.Sqrt(v2) + 1e-8));
    }

    [Fact]
    public void Adam_corrects_the_bias_of_both_moments()
    {
        var (first, second) = Adam(Rate, Rate);
        Check("adam", first, second);
    }

    [Fact]
    public void AdamW_shrinks_the_weight_outside_the_gradient()
    {
        var (first, _) = Adam(Rate, Rate);
        var step2 = Adam(Rate, Rate).Second - first;
        var w1 = first - Rate * 0.1 * 1;
        Check("adamw", w1, w1 * (1 - Rate * 0.1) + step2, decay: 0.1);
    }

    [Fact]
    public void Simple_nadam_mixes_the_corrected_mean_with_the_gradient()
    {
        double m1 = 0.1 * G1, v1 = 0.001 * G1 * G1, m2 = 0.9 * m1 + 0.1 * G2, v2 = 0.999 * v1 + 0.001 * G2 * G2;
        var first = 1 - Rate * (0.9 * m1 / (1 - 0.81) + 0.1 * G1 / (1 - 0.9)) / (Math.Sqrt(v1 / 0.001) + 1e-8);
        var change = Rate * (0.9 * m2 / (1 - 0.729) + 0.1 * G2 / (1 - 0.81)) / (Math.Sqrt(v2 / (1 - 0.998001)) + 1e-8);
        Check("nadam", first, first - change, options: new() { ["simple"] = 1 });
    }

    [Fact]
    public void Nadam_of_course_notes_corrects_both_terms_alike()
    {
        double m1 = 0.1 * G1, v1 = 0.001 * G1 * G1, m2 = 0.9 * m1 + 0.1 * G2, v2 = 0.999 * v1 + 0.001 * G2 * G2;
        var first = 1 - Rate * (0.9 * m1 + 0.1 * G1) / (1 - 0.9) / (Math.Sqrt(v1 / 0.001) + 1e-8);
        var change = Rate * (0.9 * m2 + 0.1 * G2) / (1 - 0.81) / (Math.Sqrt(v2 / (1 - 0.998001)) + 1e-8);
        Check("nadam", first, first - change, options: new() { ["simple"] = 2 });
    }

    [Fact]
    public void Eve_divides_the_rate_by_the_smoothed_relative_change_of_the_loss()
    {
        // The loss goes from 2 to 1.5: change 0.5 / 1.5, d = 0.999 + 0.001 · ⅓.
        var d = 0.999 + 0.001 / 3;
        var (first, second) = Adam(Rate, Rate / d);
        Check("eve", first, second);
    }

    private static (double First, double Second) Adam(double rate1, double rate2)
    {
        double m1 = 0.1 * G1, v1 = 0.001 * G1 * G1, m2 = 0.9 * m1 + 0.1 * G2, v2 = 0.999 * v1 + 0.001 * G2 * G2;
        var first = 1 - rate1 * m1 / 0.1 / (Math.Sqrt(v1 / 0.001) + 1e-8);
        return (first, first - rate2 * m2 / 0.19 / (Math.Sqrt(v2 / (1 - 0.998001)) + 1e-8));
    }

    private static void Check(string name, double first, double second, double decay = 0, Dictionary<string, double>? options = null)
    {
        var given = new Dictionary<string, double>(options ?? []) { ["learning_rate"] = Rate };
        var results = Widths.Same(() =>
        {
            var optimizer = Optimizers.Catalog.Find(name)(Optimizers.Catalog.Resolve(name, given));
            using var weight = new Parameter("w", [1, 1], isBias: false);
            weight.Import([1]);
            using var sink = new StepSink(optimizer, [weight], decay);
            return [Step(sink, weight, 1, G1, loss: 2), Step(sink, weight, 2, G2, loss: 1.5)];
        });

        Assert.Equal(first, results[0], Tolerance);
        Assert.Equal(second, results[1], Tolerance);
    }

    private static float Step(StepSink sink, Parameter weight, int number, double gradient, double loss)
    {
        var chunk = stackalloc float[16];
        chunk[0] = (float)gradient;
        sink.Begin(new StepInfo(number, Rate, loss));
        sink.Accept(weight, 0, 0, chunk, 16);
        return weight.Export()[0];
    }
}
