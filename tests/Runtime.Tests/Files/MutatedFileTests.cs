using FsCheck;
using FsCheck.Fluent;
using Sweeps.Files;

namespace Runtime.Tests.Files;

public class MutatedFileTests
{
    private const string Sound = """
        method: grid
        seed: 7
        shuffle: true
        metric: {name: val_accuracy, goal: maximize, target: 0.90}
        budget: {epochs: 100, time: 1h30m}
        constraints: ["hidden_layers >= 3 or not optimizer == adam", a + 2 * b < 7]
        enqueue:
          - {optimizer: adam, hidden_layers: 2, a: 1, b: 1}
        parameters: &all
          optimizer: {values: [sgd, momentum, adam]}
          hidden_layers: {min: 2, max: 5}
          momentum: {when: {optimizer: [momentum]}, values: [0.5, 0.9, 0.99]}
          a: {distribution: q_uniform, min: 1, max: 4, q: 0.5}
          b: {value: 1}
        early_terminate: [{type: asha, min_iter: 1, max_iter: 27, eta: 3}, {type: median}]
        """;

    private const string Letters = "{}[]:,-#&*!|>'\"%@`<\n\t \\\0\u00e9.0123456789eE+xyz~?";

    [Fact]
    public void The_sound_file_is_sound() => Assert.Equal(2, SweepFile.Parse(Sound, "x.yaml").Spec.Rules.Count);

    [Fact]
    public void Whatever_is_done_to_a_file_it_is_read_or_refused_with_its_mistakes()
    {
        var place = Gen.Choose(0, Sound.Length - 1);
        var edit = Gen.Zip(Gen.Zip(place, Gen.Choose(0, 12)), Gen.ArrayOf(Gen.Elements(Letters.ToCharArray()), 2));
        var edits = Gen.ArrayOf(edit, 3);
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(2000), Prop.ForAll(Arb.From(edits), all =>
        {
            var text = all.Aggregate(Sound, (current, one) =>
            {
                var at = Math.Min(one.Item1.Item1, current.Length);
                return current[..at] + new string(one.Item2) + current[Math.Min(current.Length, at + one.Item1.Item2)..];
            });
            Survives(text);
        }));
    }

    [Fact]
    public void A_file_that_ends_anywhere_is_read_or_refused()
    {
        for (var length = 0; length < Sound.Length; length++)
            Survives(Sound[..length]);
    }

    private static void Survives(string text)
    {
        try
        {
            SpecCheck.Of(SweepFile.Parse(text, "x.yaml"));
        }
        catch (SweepFileException refused)
        {
            Assert.NotEmpty(refused.Mistakes);
            Assert.All(refused.Mistakes, mistake => Assert.NotEmpty(mistake.Message));
        }
    }
}
