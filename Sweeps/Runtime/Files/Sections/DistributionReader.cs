using System.Collections.Immutable;
using System.Globalization;
using Engine;
using Sweeps.Core;
using Sweeps.Core.Space;
using Sweeps.Files.Yaml;

namespace Sweeps.Files.Sections;

/// <summary>Reads the distribution of a parameter: the named one, or the one that its keys imply (docs/sweep-files.md).</summary>
internal static class DistributionReader
{
    private const double LargestInteger = 1L << 53;
    private const double SumTolerance = 1e-5;

    private static readonly string[] Shapes = ["q", "mu", "sigma", "a", "b"];

    private static readonly Dictionary<string, Func<Section, Distribution?>> Readers = new()
    {
        ["constant"] = ReadConstant,
        ["categorical"] = section => ReadValues(section) is { } values ? new Categorical(values) : null,
        ["categorical_w_probabilities"] = ReadWeighted,
        ["int_uniform"] = ReadIntUniform,
        ["uniform"] = ReadUniform,
        ["q_uniform"] = section => Quantize(section, ReadUniform(section)),
        ["log_uniform_values"] = section => ReadLogValues(section, inverse: false),
        ["q_log_uniform_values"] = section => Quantize(section, ReadLogValues(section, inverse: false)),
        ["inv_log_uniform_values"] = section => ReadLogValues(section, inverse: true),
        ["normal"] = section => ReadMoments(section) is var (mu, sigma) ? new Gaussian(mu, sigma) : null,
        ["q_normal"] = section => Quantize(section, ReadMoments(section) is var (mu, sigma) ? new Gaussian(mu, sigma) : null),
        ["log_normal"] = section => ReadMoments(section) is var (mu, sigma) ? new LogGaussian(mu, sigma) : null,
        ["q_log_normal"] = section => Quantize(section, ReadMoments(section) is var (mu, sigma) ? new LogGaussian(mu, sigma) : null),
        ["beta"] = ReadBeta,
        ["q_beta"] = section => Quantize(section, ReadBeta(section)),
        ["log_uniform"] = section => ReadExponents(section, inverse: false),
        ["q_log_uniform"] = section => Quantize(section, ReadExponents(section, inverse: false)),
        ["inv_log_uniform"] = section => ReadExponents(section, inverse: true),
    };

    /// <summary>Returns the distribution; null after a reported mistake.</summary>
    public static Distribution? Read(Section section)
    {
        var name = section.Has("distribution") ? section.TakeText("distribution") : Implied(section);
        if (name is null)
            return null;
        if (!Readers.TryGetValue(name, out var read))
        {
            section.Diagnostics.Mistake(section.LocationOf("distribution"), $"'{section.Full("distribution")}' cannot be '{name}'. {DidYouMean.Hint(name, Readers.Keys)}");
            return null;
        }
        var distribution = read(section);
        section.Know("distribution");
        section.End();
        return distribution;
    }

    private static string? Implied(Section section)
    {
        if (section.Has("value"))
            return "constant";
        if (section.Has("values"))
            return section.Has("probabilities") ? "categorical_w_probabilities" : "categorical";
        var shape = Shapes.FirstOrDefault(section.Has);
        if (shape is not null)
        {
            section.Diagnostics.Mistake(section.LocationOf(shape), $"'{section.Full(shape)}' needs a named distribution, such as: distribution: {(shape switch
            {
                "q" => "q_uniform",
                "mu" or "sigma" => "normal",
                _ => "beta",
            })}");
            return null;
        }
        if (section.Has("min") && section.Has("max"))
            return IsInteger(section.Take("min")) && IsInteger(section.Take("max")) ? "int_uniform" : "uniform";
        section.Know("value", "values", "probabilities", "min", "max", "distribution", "parameters", "when");
        if (section.HasUnknownKeys)
        {
            section.End();
            return null;
        }
        section.Diagnostics.Mistake(section.Location, section.Has("min") || section.Has("max")
            ? $"'{section.Path}' has only one of 'min' and 'max'."
            : $"'{section.Path}' has no values. Expected 'value', 'values', 'min' and 'max', 'distribution', or nested 'parameters'.");
        return null;
    }

    private static bool IsInteger(Node? node) => node is ScalarNode scalar && CoreSchema.Read(scalar) is Value.Integer;

    private static Constant? ReadConstant(Section section)
    {
        if (section.Take("value") is { } node)
            return new Constant(CoreSchema.Read(node));
        section.Diagnostics.Mistake(section.Location, $"'{section.Full("value")}' is missing.");
        return null;
    }

    private static ImmutableArray<Value>? ReadValues(Section section)
    {
        switch (section.Take("values"))
        {
            case ListNode { Items.Count: > 0 } list:
                return [.. list.Items.Select(CoreSchema.Read)];
            case null:
                section.Diagnostics.Mistake(section.Location, $"'{section.Full("values")}' is missing.");
                return null;
            case ListNode empty:
                section.Diagnostics.Mistake(empty.Location, $"'{section.Full("values")}' is empty: give at least one value.");
                return null;
            case var node:
                section.Wrong("values", node, "a list");
                return null;
        }
    }

    private static CategoricalWithProbabilities? ReadWeighted(Section section)
    {
        var values = ReadValues(section);
        if (section.Take("probabilities") is not ListNode list)
        {
            section.Diagnostics.Mistake(section.LocationOf("probabilities"), $"'{section.Full("probabilities")}' must be a list with one probability per value.");
            return null;
        }
        var numbers = list.Items.Select(item => item is ScalarNode scalar ? CoreSchema.Read(scalar).AsDouble() : null).ToArray();
        for (var i = 0; i < numbers.Length; i++)
            if (numbers[i] is not >= 0 || !double.IsFinite(numbers[i]!.Value))
                section.Diagnostics.Mistake(list.Items[i].Location, $"A probability must be a number of at least 0; received {list.Items[i].Kind}.");
        if (values is null || numbers.Any(number => number is not >= 0))
            return null;
        if (numbers.Length != values.Value.Length)
            section.Diagnostics.Mistake(list.Location, $"'{section.Path}' has {values.Value.Length} values but {numbers.Length} probabilities.");
        else if (numbers.Sum() is var sum && !(Math.Abs(sum!.Value - 1) <= SumTolerance))
            section.Diagnostics.Mistake(list.Location, string.Create(CultureInfo.InvariantCulture, $"The probabilities of '{section.Path}' sum to {sum.Value:R}, not to 1."));
        else
            return new CategoricalWithProbabilities(values.Value, [.. numbers.Select(number => number!.Value)]);
        return null;
    }

    private static IntUniform? ReadIntUniform(Section section)
    {
        var min = section.TakeInteger("min", (long)-LargestInteger, (long)LargestInteger);
        var max = section.TakeInteger("max", (long)-LargestInteger, (long)LargestInteger);
        return Ordered(section, min, max) ? new IntUniform(min!.Value, max!.Value) : null;
    }

    private static Uniform? ReadUniform(Section section)
    {
        var (min, max) = (section.TakeNumber("min"), section.TakeNumber("max"));
        return Ordered(section, min, max) ? new Uniform(min!.Value, max!.Value) : null;
    }

    private static LogUniform? ReadLogValues(Section section, bool inverse)
    {
        const string Positive = "a number above 0, as its logarithm is taken";
        var (min, max) = (section.TakeNumber("min", x => x > 0, Positive), section.TakeNumber("max", x => x > 0, Positive));
        return Ordered(section, min, max) ? LogUniform.OfValues(min!.Value, max!.Value, inverse) : null;
    }

    private static LogUniform? ReadExponents(Section section, bool inverse)
    {
        const string Exponent = "an exponent of e from -700 to 700";
        var (min, max) = (section.TakeNumber("min", x => Math.Abs(x) <= 700, Exponent), section.TakeNumber("max", x => Math.Abs(x) <= 700, Exponent));
        if (!Ordered(section, min, max))
            return null;
        var distribution = inverse ? LogUniform.OfInverseExponents(min!.Value, max!.Value) : LogUniform.OfExponents(min!.Value, max!.Value);
        section.Diagnostics.Warn(section.LocationOf("distribution"), string.Create(CultureInfo.InvariantCulture,
            $"'{section.Path}': the limits of {distribution.Name} are exponents of e, so values lie between {distribution.Low:G6} and {distribution.High:G6}. Prefer {distribution.Name}_values, whose limits are values."));
        return distribution;
    }

    private static (double Mu, double Sigma)? ReadMoments(Section section)
    {
        var mu = section.TakeNumber("mu") ?? 0;
        var sigma = section.TakeNumber("sigma", x => x >= 0, "a number of at least 0") ?? 1;
        return (mu, sigma);
    }

    private static BetaShaped ReadBeta(Section section)
    {
        const string Positive = "a number above 0";
        return new BetaShaped(section.TakeNumber("a", x => x > 0, Positive) ?? 1, section.TakeNumber("b", x => x > 0, Positive) ?? 1);
    }

    private static Quantized? Quantize(Section section, Continuous? inner)
    {
        var written = section.Take("q");
        var q = section.TakeNumber("q", x => x > 0, "a number above 0");
        if (inner is null || (written is not null && q is null))
            return null;
        return new Quantized(inner, q ?? 1, written is null || IsInteger(written));
    }

    private static bool Ordered<T>(Section section, T? min, T? max) where T : struct, IComparable<T>
    {
        foreach (var key in (string[])["min", "max"])
            if (!section.Has(key))
                section.Diagnostics.Mistake(section.Location, $"'{section.Full(key)}' is missing.");
        if (min is null || max is null)
            return false;
        if (min.Value.CompareTo(max.Value) < 0)
            return true;
        section.Diagnostics.Mistake(section.LocationOf("min"), string.Create(CultureInfo.InvariantCulture,
            $"'{section.Full("min")}' ({min}) must be below 'max' ({max}). For a constant write {{value: …}}."));
        return false;
    }
}
