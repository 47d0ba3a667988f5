using Sweeps.Simulation;
using Sweeps.Files;

namespace Client.Simulating;

/// <summary>One sweep file under one rule, simulated with several seeds.</summary>
/// <param name="Label">What sets it apart from the others.</param>
/// <param name="File">The file.</param>
/// <param name="Text">Its text.</param>
/// <param name="Sweeps">One per seed, at least one.</param>
public sealed record Contender(string Label, SweepFile File, string Text, IReadOnlyList<SimulatedSweep> Sweeps)
{
    /// <summary>Mean over the seeds.</summary>
    public Spread Runs => Spread.Of(Sweeps.Select(sweep => (double?)sweep.Runs));

    /// <summary>Mean over the seeds.</summary>
    public Spread Epochs => Spread.Of(Sweeps.Select(sweep => (double?)sweep.Epochs));

    /// <summary>Mean over the seeds, in epochs.</summary>
    public Spread Time => Spread.Of(Sweeps.Select(sweep => (double?)sweep.Time));

    /// <summary>Best value, over the seeds.</summary>
    public Spread Best => Spread.Of(Sweeps.Select(sweep => sweep.Best?.Value));

    /// <summary>Regret after so many epochs, over the seeds.</summary>
    public Spread RegretAfter(long epochs) => Spread.Of(Sweeps.Select(sweep => sweep.After(epochs)?.Regret));

    /// <summary>How many runs ended how, mean over the seeds, most first.</summary>
    public IEnumerable<(string End, double Runs)> Ends => Sweeps.SelectMany(sweep => sweep.Ends).GroupBy(end => end.Key)
        .Select(end => (end.Key, (double)end.Sum(one => one.Value) / Sweeps.Count)).OrderByDescending(end => end.Item2).ThenBy(end => end.Key, StringComparer.Ordinal);
}

/// <summary>Mean and its standard error.</summary>
/// <param name="Mean">NaN when a value is missing.</param>
/// <param name="Error">0 for a single value.</param>
/// <param name="Count">How many values.</param>
public readonly record struct Spread(double Mean, double Error, int Count)
{
    /// <summary>Of at least one value; with one that is null there is no mean.</summary>
    public static Spread Of(IEnumerable<double?> values)
    {
        var all = values.Select(value => value ?? double.NaN).ToArray();
        var mean = all.Average();
        var variance = all.Length < 2 ? 0 : all.Sum(value => (value - mean) * (value - mean)) / (all.Length - 1);
        return new Spread(mean, Math.Sqrt(variance / all.Length), all.Length);
    }
}
