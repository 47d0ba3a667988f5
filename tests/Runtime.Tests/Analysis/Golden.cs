using Sweeps.Analysis;
using Sweeps.Core;
using Sweeps.Core.Space;
using static Core.Tests.Support.Point;

namespace Runtime.Tests.Analysis;

/// <summary>The 200 runs of docs/search.md, 9</summary>
internal static class Golden
{
    private static readonly Dictionary<string, IReadOnlyList<Value>> Always = [];

    public static SearchSpace Space(bool conditional)
    {
        var parameters = new List<Parameter>
        {
            new("lr", LogUniform.OfValues(1e-5, 1), Always),
            new("noise", new Uniform(0, 1), Always),
            new("opt", new Categorical([.. "abcd".Select(letter => new Value.Text($"{letter}"))]), Always),
            new("width", new IntUniform(16, 512), Always),
        };
        if (conditional)
            parameters.Insert(1, new("mom", new Uniform(0, 1), new Dictionary<string, IReadOnlyList<Value>>
            {
                ["opt"] = [new Value.Text("a"), new Value.Text("b")],
            }));
        return new SearchSpace(parameters);
    }

    public static List<Sample> Runs(int count, bool conditional)
    {
        var random = new SplitMix64(7);
        var samples = new List<Sample>();
        for (var i = 0; i < count; i++)
        {
            var u = new double[5];
            for (var k = 0; k < u.Length; k++)
                u[k] = random.NextDouble();
            var (lr, width, opt) = (Math.Pow(10, -5 + 5 * u[0]), 16 + (int)(497 * u[1]), "abcd"[(int)(4 * u[2])]);
            var y = Math.Pow(Math.Log10(lr) + 2.5, 2) + 0.5 * Math.Pow((width - 256) / 256.0, 2)
                + opt switch { 'a' => 0, 'b' => 0.2, 'c' => 0.4, _ => 1 };
            var pairs = new List<(string, object)> { ("lr", lr), ("width", width), ("opt", $"{opt}"), ("noise", u[3]) };
            if (conditional && opt is ('a' or 'b'))
            {
                pairs.Add(("mom", u[4]));
                y += 2 * (u[4] - 0.9) * (u[4] - 0.9);
            }
            samples.Add(new Sample(Of([.. pairs]), y));
        }
        return samples;
    }
}
