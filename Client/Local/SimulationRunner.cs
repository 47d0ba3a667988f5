using Client.Views;
using Sweeps.Core;
using Sweeps.Core.Search;
using Sweeps.Files;
using Sweeps.Programs;
using Sweeps.Log;
using Sweeps.Log.Folder;
using Sweeps.Simulation;

namespace Client.Local;

/// <summary>Simulates sweep files under one or several rules.</summary>
/// <param name="context">The terminal, the folder, the clock.</param>
/// <param name="data">Folder of tables, or null.</param>
/// <param name="slots">The number of virtual slots, at least 1.</param>
/// <param name="seeds">The number of seeds, the first of which is the file's own; at least 1.</param>
public sealed class SimulationRunner(CommandContext context, string? data, int slots, int seeds)
{
    /// <summary>
    /// Simulates every file under every rule, or under its own rules when <paramref name="rules"/> is empty. With <paramref name="keep"/>
    /// the results contain the events. Throws <see cref="UsageException"/> before any simulation when a file trains networks, runs a
    /// program or has no end.
    /// </summary>
    public IReadOnlyList<SimulationVariant> Run(IReadOnlyList<FileInfo> files, IReadOnlyList<string> rules, bool keep, CancellationToken cancel)
    {
        var all = files.SelectMany(file => Variants(file, rules)).ToList();
        foreach (var warning in all.SelectMany(one => one.File.Warnings.Select(warning => warning.At(one.File.FileName))).Distinct())
            context.Terminal.Warn(warning);
        foreach (var one in all.Where(one => seeds > 1 && !Seeded(one.File.Spec)).Select(one => one.File.FileName).Distinct())
            context.Terminal.Warn($"{one}: every seed is the same sweep; a grid is in seeded order with 'shuffle: true'.");
        return [.. all.Select(one => new SimulationVariant(Label(one.File.Spec), one.File, one.Text, Run(one.File.Spec, keep, cancel)))];

        string Label(SweepSpec spec) => (files.Count > 1, rules.Count > 0) switch
        {
            (true, true) => $"{spec.Name}: {SpecText.Stopping(spec)}",
            (true, false) => spec.Name,
            _ => SpecText.Stopping(spec),
        };
    }

    /// <summary>
    /// Writes the events of a simulated sweep to the folder. Their times are scaled to the duration of the simulation, so that the sweep is
    /// the newest one and no event is in the future. Returns the id of the new sweep.
    /// </summary>
    public async Task<string> KeepAsync(SimulationVariant variant, DateTimeOffset began, CancellationToken cancel)
    {
        var (id, sweep) = (SweepId.New(variant.File.Spec.Name, Random.Shared), variant.Sweeps[0]);
        var first = sweep.Log[0].At;
        var scale = (context.Now - began) / (sweep.Log[^1].At - first + TimeSpan.FromSeconds(1));
        using var log = new FolderLog(context.Home, context.Time);
        await log.AppendAsync(id, [.. sweep.Log.Select(logged => logged with
        {
            At = began + (logged.At - first) * scale,
            Event = logged.Event is SweepCreated ? new SweepCreated(id, variant.Text, context.User) : logged.Event,
        })], cancel);
        return id;
    }

    private static IEnumerable<(SweepFile File, string Text)> Variants(FileInfo file, IReadOnlyList<string> rules)
    {
        var (own, text) = SweepFiles.Read(file);
        Refuse(own);
        return rules.Count == 0 ? [(own, text)] : rules.Select(rule => SweepFileEdit.Apply(text, own.FileName, [SweepFileEdit.ReplaceRules(own.Spec, rule)]));
    }

    private static void Refuse(SweepFile file)
    {
        if (file.Spec.Trainable is TrainableSpec.Network network)
            throw new UsageException(
                $"{file.FileName}: networks on {network.Dataset} take real time. A simulation needs 'trainable: function' or 'trainable: table'; "
                + "`sweep run` trains, `sweep whatif` replays the curves of a sweep that has run.");
        if (file.Spec.Trainable is ProgramSpec program)
            throw new UsageException(
                $"{file.FileName}: {program.Name} takes real time. A simulation needs 'trainable: function' or 'trainable: table'; "
                + "`sweep run` runs the program, `sweep whatif` replays the curves of a sweep that has run.");
        if (SpecCheck.Of(file).Cost is null && file.Spec.Budget.WallTime is null)
            throw new UsageException($"{file.FileName}: this sweep may never end; add 'run_cap' or 'budget'.");
    }

    private static bool Seeded(SweepSpec spec) =>
        spec.Method != SearchMethod.Grid || spec.Shuffle || spec.Trainable is TrainableSpec.Function { Noise: > 0 };

    private static SweepSpec WithoutPace(SweepSpec spec) =>
        spec.Trainable is TrainableSpec.Function function ? spec with { Trainable = function with { Pace = TimeSpan.Zero } } : spec;

    private List<SimulatedSweep> Run(SweepSpec spec, bool keep, CancellationToken cancel)
    {
        var trainable = Trainables.Make(context, WithoutPace(spec), data, cancel);
        var sweeps = new List<SimulatedSweep>();
        for (var seed = 0; seed < seeds; seed++)
            sweeps.Add(SimulatedSweep.Run(spec with { Seed = spec.Seed + (ulong)seed }, trainable, slots, cancel, keep));
        return sweeps;
    }
}

/// <summary>One sweep file under one rule, simulated with several seeds.</summary>
/// <param name="Label">The label that distinguishes it from the other variants.</param>
/// <param name="File">The file.</param>
/// <param name="Text">Its text.</param>
/// <param name="Sweeps">One per seed, at least one.</param>
public sealed record SimulationVariant(string Label, SweepFile File, string Text, IReadOnlyList<SimulatedSweep> Sweeps)
{
    public MeanAndError Runs => MeanAndError.Of(Sweeps.Select(sweep => (double?)sweep.Runs));

    public MeanAndError Epochs => MeanAndError.Of(Sweeps.Select(sweep => (double?)sweep.Epochs));

    /// <summary>The simulated time, in epochs.</summary>
    public MeanAndError Time => MeanAndError.Of(Sweeps.Select(sweep => (double?)sweep.Time));

    public MeanAndError Best => MeanAndError.Of(Sweeps.Select(sweep => sweep.Best?.Value));

    /// <summary>The regret after <paramref name="epochs"/> epochs.</summary>
    public MeanAndError RegretAfter(long epochs) => MeanAndError.Of(Sweeps.Select(sweep => sweep.After(epochs)?.Regret));

    /// <summary>The kinds of ends of runs with their mean numbers per sweep, most frequent first.</summary>
    public IEnumerable<(string End, double Runs)> Ends => Sweeps.SelectMany(sweep => sweep.Ends).GroupBy(end => end.Key)
        .Select(end => (end.Key, (double)end.Sum(one => one.Value) / Sweeps.Count)).OrderByDescending(end => end.Item2).ThenBy(end => end.Key, StringComparer.Ordinal);
}

/// <summary>The mean over seeds and its standard error.</summary>
/// <param name="Mean">The mean; NaN when a value is missing.</param>
/// <param name="Error">The standard error of the mean; 0 for a single value.</param>
/// <param name="Count">The number of values.</param>
public readonly record struct MeanAndError(double Mean, double Error, int Count)
{
    /// <summary>The mean of at least one value. A null makes the mean NaN.</summary>
    public static MeanAndError Of(IEnumerable<double?> values)
    {
        var all = values.Select(value => value ?? double.NaN).ToArray();
        var mean = all.Average();
        var variance = all.Length < 2 ? 0 : all.Sum(value => (value - mean) * (value - mean)) / (all.Length - 1);
        return new MeanAndError(mean, Math.Sqrt(variance / all.Length), all.Length);
    }
}
