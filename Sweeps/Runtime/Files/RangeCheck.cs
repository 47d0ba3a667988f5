using System.Globalization;
using Sweeps.Core.Space;

namespace Sweeps.Files;

/// <summary>
/// Checks that the values of a distribution are finite and differ. The check is part of <see cref="SweepFile.Verify"/> and not of the parser, because
/// logs of earlier sweeps contain distributions that fail it and must still be read.
/// </summary>
internal static class RangeCheck
{
    /// <summary>The checked quantiles: the smallest and the largest that <see cref="Core.Search.RandomSequence"/> can draw, and some between them.</summary>
    private static readonly double[] Quantiles = [0.5 / (1UL << 53), 0.001, 0.25, 0.5, 0.75, 0.999, Math.BitDecrement(1.0)];

    /// <summary>Reports a parameter whose values are not finite, whose logarithms are not finite, or whose step is not below its range.</summary>
    public static void Run(Parameter parameter, SourceLocation? location, Diagnostics diagnostics)
    {
        if (parameter.Distribution.Domain is not Domain.Range range || parameter.Distribution is IntUniform)
            return;
        var name = $"'{parameter.Name}' ({parameter.Distribution.Name})";
        var values = Quantiles.Select(u => parameter.Distribution.Quantile(u).AsDouble() ?? double.NaN).ToArray();
        if (!Array.TrueForAll(values, double.IsFinite) || !double.IsFinite(range.High - range.Low))
            diagnostics.Mistake(location, string.Create(CultureInfo.InvariantCulture,
                $"The values of {name} go beyond the largest number, 1.8e308: they begin at {values[0]:G3} and end at {values[^1]:G3}. Narrow its limits, 'mu' or 'sigma'."));
        else if (range.Logarithmic && !(values[0] > 0 || parameter.Distribution is Quantized))
            diagnostics.Mistake(location, $"The values of {name} go down to 0, which has no logarithm. Raise 'mu' or lower 'sigma'.");
        else if (parameter.Distribution is Quantized { Q: var step } && step >= range.High - range.Low)
            diagnostics.Mistake(location, string.Create(CultureInfo.InvariantCulture,
                $"The step q of {name} is {step}{(step == 1 ? " (the default is 1)" : "")}, but its values lie between {range.Low:G6} and {range.High:G6}: nothing would be left to "
                + $"search. Write a 'q' below {range.High - range.Low:G6}, or leave out the step: distribution: {parameter.Distribution.Name[2..]}."));
    }
}
